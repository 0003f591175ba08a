import type { SessionStore, StoredSession } from "@ventostack/auth-core";

/** What stores for express-session have. Some of them also give promises, which nobody looks at. */
export interface ExpressStore {
  get(id: string, callback: (error: unknown, session?: ExpressSession | null) => void): unknown;
  set(id: string, session: ExpressSession, callback: (error?: unknown) => void): unknown;
  destroy(id: string, callback: (error?: unknown) => void): unknown;
  touch(id: string, session: ExpressSession, callback: (error?: unknown) => void): unknown;
}

export interface ExpressSessionModule {
  Cookie: new () => { expires?: Date | string | null };
  MemoryStore: new () => ExpressStore;
}

interface ExpressSession {
  cookie: { expires?: Date | string | null };
  kept: StoredSession;
}

/** Such a store behind the four methods, called as express-session calls it; `step` before every call. */
export function fromExpressStore(
  store: ExpressStore,
  { Cookie }: ExpressSessionModule,
  step = async (): Promise<void> => {},
): SessionStore {
  async function read(id: string): Promise<ExpressSession | null> {
    await step();
    return new Promise((resolve, reject) => {
      store.get(id, (error, session) => {
        // What express-session takes for an absent session, too.
        if (isNotFound(error)) resolve(null);
        else if (error) reject(error);
        else resolve(session ?? null);
      });
    });
  }

  async function done(call: (callback: (error?: unknown) => void) => unknown): Promise<void> {
    await step();
    return new Promise((resolve, reject) => {
      call((error) => (error ? reject(error) : resolve()));
    });
  }

  function cookieUntil(expiresAt: number): ExpressSession["cookie"] {
    const cookie = new Cookie();
    cookie.expires = new Date(expiresAt);
    return cookie;
  }

  return {
    async get(id) {
      const found = await read(id);
      return found && { ...found.kept, expiresAt: new Date(found.cookie.expires ?? 0).getTime() };
    },
    set(session) {
      const cookie = cookieUntil(session.expiresAt);
      return done((callback) => store.set(session.id, { cookie, kept: session as StoredSession }, callback));
    },
    delete: (id) => done((callback) => store.destroy(id, callback)),
    async touch(id, ttl) {
      const found = await read(id);
      if (found === null) return;
      const cookie = cookieUntil(Date.now() + ttl * 1000);
      await done((callback) => store.touch(id, { ...found, cookie }, callback));
    },
  };
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
