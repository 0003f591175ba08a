export {
  type Awaitable,
  type CreateArguments,
  createSessionManager,
  type DeleteByUserOptions,
  type DestroyByUserOptions,
  type ListByUserOptions,
  type RandomSource,
  type Refreshed,
  type ReplaceOutcome,
  type ResolvedSessionOptions,
  type Session,
  type SessionDevice,
  SessionError,
  type SessionErrorCode,
  type SessionInfo,
  type SessionManager,
  type SessionNotes,
  type SessionOptions,
  type SessionPatch,
  type SessionStore,
  type SessionStoreCapabilities,
  type StoredSession,
} from "@ventostack/auth-core";
export {
  type CookieAttributes,
  createSessionMiddleware,
  parseCookie,
  type RequestSession,
  type RequestView,
  type SessionContext,
  type SessionCookieOptions,
  type SessionMiddleware,
  type SessionMiddlewareOptions,
  serializeCookie,
} from "@ventostack/middleware-cookie";
export {
  createMemorySessionStore,
  type MemorySessionStore,
  type MemorySessionStoreOptions,
} from "@ventostack/store-memory";
export {
  createRedisSessionStore,
  type RedisCommandClient,
  type RedisSessionClientLike,
  type RedisSessionStoreOptions,
} from "@ventostack/store-redis";
export { createSessionStore } from "./lib/create-session-store.ts";
