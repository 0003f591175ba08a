/** Where the code and the tests are that mutations are about. */
export const core = "packages/auth-core/src/lib";
export const memory = "packages/store-memory/src/lib";
export const redis = "packages/store-redis/src/lib";
export const sql = "packages/store-sql/src/lib";
export const cookie = "packages/middleware-cookie/src/lib";
export const shown = "packages/auth/src/guarantees";
export const shownOnRedis = "packages/store-redis/src/guarantees";
export const sqlTests = "packages/store-sql/src";
