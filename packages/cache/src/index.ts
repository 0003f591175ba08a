export {
  createRedisClient,
  type RedisClient,
  type RedisClientOptions,
  type RedisTlsOptions,
  type SentinelOptions,
} from "@ventostack/store-redis";
