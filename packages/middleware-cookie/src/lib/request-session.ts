import type {
  CreateArguments,
  CreateOptions,
  RegenerateOptions,
  Session,
  SessionManager,
  SessionPatch,
} from "@ventostack/auth-core";
import type { DeviceReader } from "./request-device.ts";
import type { RequestView } from "./request-view.ts";

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

  /**
   * A new id for the same session, at a rise in rights. With `authenticated` the user has just proved who they are, and the
   * session counts as fresh from now on. `null` when there is no live session any more.
   */
  regenerate(patch?: SessionPatch<Data>, options?: RegenerateOptions): Promise<Session<Data> | null>;

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

/** What the life-cycle knows of one request's session. */
export interface SessionState<Data extends object> {
  readonly request: RequestView;
  current: Session<Data> | null;
  cookieChange: CookieChange;
  /** Holds `session` (the data) and `sessionId` while somebody is signed in, where the framework has a place for that. */
  readonly shown: Record<string, unknown> | undefined;
}

/** Puts the session, and what is to be done about its cookie, in place of what was there. */
export function become<Data extends object>(
  state: SessionState<Data>,
  session: Session<Data> | null,
  change: CookieChange,
): void {
  state.current = session;
  state.cookieChange = change;
  if (state.shown === undefined) return;
  state.shown.session = session?.data;
  state.shown.sessionId = session?.id;
}

const STATE = Symbol("state");

/** What a {@link RequestSession} holds itself; the rest is on the prototype that all of them share. */
interface OwnProperties<Data extends object> {
  [STATE]: SessionState<Data>;
}

/**
 * Makes the sessions of requests. A method is a function of its own only when it is asked for: seven for each request
 * would be an eighth of the request's time. It needs no `this`, so that a handler may take it out of the session.
 */
export function createRequestSessions<Data extends object>(
  manager: SessionManager<Data>,
  readDevice: DeviceReader,
): (state: SessionState<Data>) => RequestSession<Data> {
  /** What becomes of the current session, unless the request has signed in, out or moved to another id meanwhile. */
  async function change(
    state: SessionState<Data>,
    step: (id: string) => Promise<Session<Data> | null>,
    cookie: CookieChange | "keep",
  ): Promise<Session<Data> | null> {
    const before = state.current;
    if (before === null) return null;
    const after = await step(before.id);
    if (state.current?.id === before.id)
      become(state, after, after === null || cookie === "keep" ? state.cookieChange : cookie);
    return after;
  }

  async function create(state: SessionState<Data>, data?: Data, options: CreateOptions = {}) {
    const { replaces = state.current?.id } = options;
    const noted = { ...options, replaces, device: { ...readDevice(state.request), ...options.device } };
    // What may be left out of them, the caller's types have seen to.
    const created = await manager.create(...([data, noted] as unknown as CreateArguments<Data>));
    // The new one is handed out only once the old one has ended. Another log-in may have come first meanwhile.
    for (let ended = replaces; state.current !== null && state.current.id !== ended; ) {
      ended = state.current.id;
      await manager.destroy(ended);
    }
    become(state, created, "issue");
    return created;
  }

  async function destroy(state: SessionState<Data>): Promise<void> {
    if (state.current !== null) await manager.destroy(state.current.id);
    become(state, null, "clear");
  }

  const prototype: RequestSession<Data> & ThisType<OwnProperties<Data>> = {
    get current() {
      return this[STATE].current;
    },
    get create() {
      const state = this[STATE];
      return (data?: Data, options?: CreateOptions) => create(state, data, options);
    },
    get update() {
      const state = this[STATE];
      return (patch: SessionPatch<Data>) => change(state, (id) => manager.merge(id, patch), "keep");
    },
    get regenerate() {
      const state = this[STATE];
      return (patch?: SessionPatch<Data>, options?: RegenerateOptions) =>
        change(state, (id) => manager.regenerate(id, patch, options), "issue");
    },
    get touch() {
      const state = this[STATE];
      return () => change(state, (id) => manager.refresh(id), "issue");
    },
    get destroy() {
      const state = this[STATE];
      return () => destroy(state);
    },
  };
  // Printed, it shows the session, which hides its id, and not the request, which has it in its headers.
  Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), {
    value(this: RequestSession<Data>) {
      return { current: this.current };
    },
  });

  return (state) => {
    const own: OwnProperties<Data> = Object.create(prototype);
    own[STATE] = state;
    return own as OwnProperties<Data> & RequestSession<Data>;
  };
}
