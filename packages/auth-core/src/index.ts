export { COOKIE_NAME_RULE, isCookieName } from "./lib/cookie-name.ts";
export { isRefreshDue } from "./lib/expiry.ts";
export { createMigratingStore, type MigratingStoreOptions } from "./lib/migrating-store.ts";
export { checkOptionNames, invalidOption } from "./lib/option-check.ts";
export type { Session, SessionDevice, SessionInfo } from "./lib/session.ts";
export { SessionError, type SessionErrorCode } from "./lib/session-error.ts";
export { SESSION_CHANNEL, type SessionEvent } from "./lib/session-events.ts";
export { isSessionId, type RandomSource } from "./lib/session-id.ts";
export { createSessionManager } from "./lib/session-manager.ts";
export type {
  CreateArguments,
  CreateOptions,
  DestroyByUserOptions,
  RegenerateOptions,
  SessionManager,
  SessionPatch,
} from "./lib/session-manager-types.ts";
export type { DeviceFields } from "./lib/session-notes.ts";
export type { ResolvedSessionOptions, SessionOptions } from "./lib/session-options.ts";
export type { MigrationInfo } from "./lib/session-shape.ts";
export type {
  Awaitable,
  DeleteByUserOptions,
  ListByUserOptions,
  LoadSession,
  Refreshed,
  ReplaceOutcome,
  SessionNotes,
  SessionStore,
  SessionStoreCapabilities,
  StoredSession,
} from "./lib/session-store.ts";
export type { StandardIssue, StandardResult, StandardSchemaV1 } from "./lib/standard-schema.ts";
export { createStoreTrip, type StoreTrip } from "./lib/store-trip.ts";
