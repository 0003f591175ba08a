export { createRedisClient } from "./lib/redis-client.ts";
export type {
  RedisClient,
  RedisClientOptions,
  RedisTlsOptions,
  SentinelOptions,
} from "./lib/redis-client-options.ts";
export type { RedisCommandClient, RedisSessionClientLike } from "./lib/redis-session-client.ts";
export { createRedisSessionStore, type RedisSessionStoreOptions } from "./lib/redis-session-store.ts";
