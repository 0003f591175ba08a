import type { CreateArguments, Session, SessionManager, SessionPatch } from "@ventostack/auth-core";

/** The session of one request. What is done through it is in the store when it resolves, and in the cookie of the answer. */
export interface RequestSession<Data extends object = Record<string, unknown>> {
  /** The session as this request knows it; `null` when nobody is signed in. */
  readonly current: Session<Data> | null;

  /**
   * Signs in: a new session under a new id. The one that the request came with ends, so that an id from before
   * the log-in opens nothing after it (ASVS 5.0 7.2.4).
   */
  create(...args: CreateArguments<Data>): Promise<Session<Data>>;

  /** Merges the patch; `undefined` removes a key. `null` when there is no live session any more. */
  update(patch: SessionPatch<Data>): Promise<Session<Data> | null>;

  /** A new id for the same session, at a rise in rights. `null` when there is no live session any more. */
  regenerate(patch?: SessionPatch<Data>): Promise<Session<Data> | null>;

  /**
   * Extends the session and its cookie now, whatever the touch interval; `null` when there is no live session any more.
   * Not needed for sessions to slide: the middleware does that.
   */
  touch(): Promise<Session<Data> | null>;

  /** Signs out: the session ends, and the answer removes the cookie. */
  destroy(): Promise<void>;
}

/** What the answer is to do about the cookie: hand out `current`, remove it, or leave it alone. */
export type CookieChange = "issue" | "clear" | "none";

/** A {@link RequestSession} as the life-cycle sees it. */
export interface TrackedRequestSession<Data extends object> extends RequestSession<Data> {
  readonly cookieChange: CookieChange;
}

/** `onChange` is told each time `current` has changed. */
export function createRequestSession<Data extends object>(
  manager: SessionManager<Data>,
  loaded: Session<Data> | null,
  onChange: (current: Session<Data> | null) => void,
): TrackedRequestSession<Data> {
  let current = loaded;
  let cookieChange: CookieChange = "none";

  function become(session: Session<Data> | null, change: CookieChange): void {
    current = session;
    cookieChange = change;
    onChange(session);
  }

  /** The session with another id or end, which the cookie has to follow; `null` when it was gone. */
  function issue(session: Session<Data> | null): Session<Data> | null {
    become(session, session === null ? cookieChange : "issue");
    return session;
  }

  return {
    get current() {
      return current;
    },
    get cookieChange() {
      return cookieChange;
    },

    async create(...args) {
      const previous = current;
      const created = await manager.create(...args);
      // Known before the old one is ended: should that fail, the answer is an error, and the next request still works.
      if (previous !== null) await manager.destroy(previous.id);
      become(created, "issue");
      return created;
    },

    async update(patch) {
      if (current === null) return null;
      const updated = await manager.merge(current.id, patch);
      become(updated, cookieChange);
      return updated;
    },

    async regenerate(patch) {
      return current && issue(await manager.regenerate(current.id, patch));
    },

    async touch() {
      return current && issue(await manager.refresh(current.id));
    },

    async destroy() {
      if (current !== null) await manager.destroy(current.id);
      become(null, "clear");
    },
  };
}
