export type { SqlSessionStoreOptions } from "./lib/options.ts";
export { type SqlDialect, sqlFor } from "./lib/schema.ts";
export { createSqlSessionStore, type SqlSessionStore } from "./lib/sql-session-store.ts";
