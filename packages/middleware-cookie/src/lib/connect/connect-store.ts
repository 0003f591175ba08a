import { invalidOption } from "@ventostack/auth-core";

/** What express-session keeps of a session: the cookie's settings, and whatever the application put on `req.session`. */
export interface ConnectSession {
  cookie: {
    originalMaxAge: number | null;
    expires?: Date | string | null | undefined;
    maxAge?: number | null | undefined;
    [setting: string]: unknown;
  };
}

type Callback<Answer extends unknown[]> = (error?: unknown, ...answer: Answer) => void;

/** A store as express-session knows it: connect-redis, connect-pg-simple, connect-mongo, memorystore, and dozens more. */
export interface ConnectStore {
  // biome-ignore lint/suspicious/noExplicitAny: stores differ in what they declare a session to be
  get(sid: string, callback: (error: any, session?: any) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: stores differ in what they declare a session to be
  set(sid: string, session: any, callback?: (error?: any) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: stores differ in what they declare an error to be
  destroy(sid: string, callback?: (error?: any) => void): unknown;
}

/** A store of that kind, with promises. */
export interface PromisedStore {
  /** `null` where there is none. */
  get(sid: string): Promise<object | null>;
  set(sid: string, session: ConnectSession): Promise<void>;
  destroy(sid: string): Promise<void>;
}

/** Rejects with what the store gave its callback as an error, or threw. Throws `INVALID_OPTION` on what is no store. */
export function promised(store: ConnectStore): PromisedStore {
  for (const method of ["get", "set", "destroy"] as const) {
    if (typeof store?.[method] !== "function")
      throw invalidOption("store", store, "it must be a store of express-session's");
  }
  const call = <Answer>(
    run: (callback: Callback<[answer?: Answer]>) => unknown,
  ): Promise<Answer | undefined> =>
    new Promise((resolve, reject) => {
      const done: Callback<[answer?: Answer]> = (error, answer) => (error ? reject(error) : resolve(answer));
      // Some give a promise as well, which rejects where the callback throws; ours does not.
      Promise.resolve(run(done)).catch(reject);
    });
  return {
    async get(sid) {
      try {
        return (await call<object>((callback) => store.get(sid, callback))) ?? null;
      } catch (error) {
        // What express-session takes for "no session" of stores that keep files.
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw error;
      }
    },
    set: async (sid, session) => {
      await call((callback) => store.set(sid, session, callback));
    },
    destroy: async (sid) => {
      await call((callback) => store.destroy(sid, callback));
    },
  };
}
