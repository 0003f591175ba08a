import { hash } from "node:crypto";
import { checkOptionNames, createStoreTrip, invalidOption, type SessionStore } from "@ventostack/auth-core";
import type { ConnectSession } from "./connect-store.ts";
import { createSavedSessions, type Fields } from "./saved-sessions.ts";

export interface ToConnectStoreOptions {
  /** Seconds that a session lives after it was last used, where its cookie has no `maxAge`. Default 3600. */
  ttl?: number;
  /** Seconds that a session lives whatever its activity. Default: none. */
  absoluteTtl?: number;
  /** Put before every key. Default `"session:"`, or nothing where the store names its own keys. */
  prefix?: string;
  /** The user a session belongs to. Default: `userId` of what is on `req.session`, a string or a number. */
  userIdOf?: (session: Record<string, unknown>) => string | undefined;
  /** Milliseconds that one trip to the store may take. Default 2000. */
  storeTimeout?: number;
  /** The current time in milliseconds since the epoch. Default `Date.now`. */
  clock?: () => number;
}

/** `session.Store` of express-session: what its stores inherit from. */
// biome-ignore lint/suspicious/noExplicitAny: a class of express-session's, whose types are another package's
export type ConnectStoreClass<Store extends object> = new (options?: any) => Store;

/** What express-session passes on, once the work is done. */
type Done = (error?: unknown, session?: unknown) => void;

const names: Record<keyof ToConnectStoreOptions, true> = {
  ttl: true,
  absoluteTtl: true,
  prefix: true,
  userIdOf: true,
  storeTimeout: true,
  clock: true,
};

/** As many milliseconds as a timer can count, and more seconds than any session lives. */
const MAX_TIME = 2_147_483_647;

/**
 * A store of ours for express-session: `session({ store: toConnectStore(session.Store, store), ... })`. In the store is the
 * SHA-256 of a session's id. What express-session has loaded can only change a session that is live, key by key, so
 * that a request that ends late brings nothing back and undoes no other's change; what it has generated is made anew.
 *
 * Throws `INVALID_OPTION`.
 */
export function toConnectStore<Store extends object>(
  Base: ConnectStoreClass<Store>,
  store: SessionStore,
  options: ToConnectStoreOptions = {},
): Store {
  checkOptionNames(options, Object.keys(names));
  if (typeof Base !== "function")
    throw invalidOption("Base", Base, "it must be express-session's session.Store");
  checkStore(store);
  checkValues(options);
  const {
    ttl = 3600,
    storeTimeout = 2000,
    prefix = store.keyPrefix === undefined ? "session:" : "",
  } = options;
  // express-session is given each fault, and tells it to whoever listens there.
  const trip = createStoreTrip(storeTimeout, () => undefined);
  const saved = createSavedSessions(store, {
    ...options,
    prefix,
    trip: (method, call) => trip(method, "", call, (answer) => answer),
  });
  const keyOf = (sid: string): string => prefix + hash("sha256", sid, "base64url");
  const lifetimeOf = ({ cookie }: ConnectSession): number => (cookie.originalMaxAge ?? ttl * 1000) / 1000;

  const connect = new Base();
  const createSession: unknown = Reflect.get(connect, "createSession");
  if (typeof createSession !== "function") {
    throw invalidOption("Base", Base, "it must be express-session's session.Store");
  }

  /** Calls back outside the promise: what express-session throws there is its own. */
  function answer(work: Promise<unknown>, done: Done = () => undefined): void {
    work.then(
      (result) => setImmediate(done, null, result),
      (error) => setImmediate(done, error),
    );
  }

  return Object.assign(connect, {
    get: (sid: string, done: Done) => answer(saved.load(keyOf(sid)), done),
    set: (sid: string, session: ConnectSession, done?: Done) =>
      answer(saved.save(keyOf(sid), session, lifetimeOf(session)), done),
    touch: (sid: string, session: ConnectSession, done?: Done) =>
      answer(saved.touch(keyOf(sid), lifetimeOf(session)), done),
    destroy: (sid: string, done?: Done) => answer(saved.end(keyOf(sid)), done),

    /** Called by express-session to make `req.session` of what `get` gave: that one is not new. */
    createSession(req: unknown, fields: Fields) {
      const made: object = createSession.call(connect, req, fields);
      saved.adopt(made, fields);
      return made;
    },
  });
}

function checkStore(store: SessionStore): void {
  for (const method of ["get", "set", "delete", "touch"] as const) {
    if (typeof store?.[method] !== "function")
      throw invalidOption("store", store, `it must be a store, with ${method}`);
  }
}

/** A time that is none would keep no session, or none from ending. */
function checkValues({
  ttl,
  absoluteTtl,
  storeTimeout,
  prefix,
  userIdOf,
  clock,
}: ToConnectStoreOptions): void {
  for (const [option, value] of Object.entries({ ttl, absoluteTtl, storeTimeout })) {
    if (value === undefined || (typeof value === "number" && value > 0 && value <= MAX_TIME)) continue;
    throw invalidOption(option, value, `it must be a number above 0 and up to ${MAX_TIME}`);
  }
  if (prefix !== undefined && typeof prefix !== "string")
    throw invalidOption("prefix", prefix, "it must be a string");
  for (const [option, value] of Object.entries({ userIdOf, clock })) {
    if (value !== undefined && typeof value !== "function")
      throw invalidOption(option, value, "it must be a function");
  }
}
