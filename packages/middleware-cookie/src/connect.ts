export type { ConnectStore } from "./lib/connect/connect-store.ts";
export { type ExpressSessionsOptions, expressSessions } from "./lib/connect/express-sessions.ts";
export { type FromConnectStoreOptions, fromConnectStore } from "./lib/connect/from-connect-store.ts";
export {
  type ConnectStoreClass,
  type ToConnectStoreOptions,
  toConnectStore,
} from "./lib/connect/to-connect-store.ts";
export type { Exchanged, FormerSessions } from "./lib/former-sessions.ts";
