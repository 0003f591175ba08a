import type {
  CreateArguments,
  CreateOptions,
  DeviceFields,
  RegenerateOptions,
  Session,
  SessionManager,
  SessionPatch,
} from "@ventostack/auth-core";

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

/** A {@link RequestSession} as the life-cycle sees it. */
export interface TrackedRequestSession<Data extends object> extends RequestSession<Data> {
  readonly cookieChange: CookieChange;
}

export interface RequestSessionOptions<Data extends object> {
  /** Told each time `current` has changed. */
  onChange(current: Session<Data> | null): void;
  /** What a new session notes of the device. */
  device(): DeviceFields | undefined;
  /** What has to be done about the cookie already. */
  readonly initialChange: CookieChange;
}

export function createRequestSession<Data extends object>(
  manager: SessionManager<Data>,
  loaded: Session<Data> | null,
  { onChange, device, initialChange }: RequestSessionOptions<Data>,
): TrackedRequestSession<Data> {
  let current = loaded;
  let cookieChange = initialChange;

  function become(session: Session<Data> | null, change: CookieChange): void {
    current = session;
    cookieChange = change;
    onChange(session);
  }

  /** What becomes of the current session, unless the request has signed in, out or moved to another id meanwhile. */
  async function change(
    step: (id: string) => Promise<Session<Data> | null>,
    cookie: CookieChange | "keep",
  ): Promise<Session<Data> | null> {
    const before = current;
    if (before === null) return null;
    const after = await step(before.id);
    if (current?.id === before.id) become(after, after === null || cookie === "keep" ? cookieChange : cookie);
    return after;
  }

  return {
    get current() {
      return current;
    },
    get cookieChange() {
      return cookieChange;
    },

    async create(data?: Data, options: CreateOptions = {}) {
      const { replaces = current?.id } = options;
      const noted = { ...options, replaces, device: { ...device(), ...options.device } };
      // What may be left out of them, the caller's types have seen to.
      const created = await manager.create(...([data, noted] as unknown as CreateArguments<Data>));
      // The new one is handed out only once the old one has ended. Another log-in may have come first meanwhile.
      for (let ended = replaces; current !== null && current.id !== ended; ) {
        ended = current.id;
        await manager.destroy(ended);
      }
      become(created, "issue");
      return created;
    },

    update: (patch) => change((id) => manager.merge(id, patch), "keep"),

    regenerate: (patch, options) => change((id) => manager.regenerate(id, patch, options), "issue"),

    touch: () => change((id) => manager.refresh(id), "issue"),

    async destroy() {
      if (current !== null) await manager.destroy(current.id);
      become(null, "clear");
    },
  };
}
