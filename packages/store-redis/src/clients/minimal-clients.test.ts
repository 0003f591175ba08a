import { afterAll } from "bun:test";
import { type CreateStore, describeSessionStore } from "@ventostack/store-testkit";
import { startRedis } from "@ventostack/testing/redis";
import { RedisClient } from "bun";
import { createRedisSessionStore, type RedisSessionClientLike } from "../index.ts";
import { countEntries } from "./space-size.test-kit.ts";
import { stepped } from "./stepped-client.test-kit.ts";

const server = await startRedis();
const redis = new RedisClient(server.url);
afterAll(async () => {
  redis.close();
  await server.stop();
});

/** Written by hand to the documented interface, and no more. */
const fourMethods: RedisSessionClientLike = {
  get: (key) => redis.get(key),
  set: (key, value) => redis.set(key, value),
  expire: (key, seconds) => redis.expire(key, seconds),
  del: (key) => redis.del(key),
};
const sevenMethods: RedisSessionClientLike = {
  ...fourMethods,
  sadd: (key, ...members) => redis.send("SADD", [key, ...members]),
  srem: (key, ...members) => redis.send("SREM", [key, ...members]),
  smembers: (key) => redis.smembers(key),
};

function storesOn(client: RedisSessionClientLike): CreateStore {
  return ({ space, step }) =>
    createRedisSessionStore({ client: stepped(client, step), keyPrefix: `${space}:` });
}

for (const [name, client] of [
  ["a client of four methods", fourMethods],
  ["a client of seven methods", sevenMethods],
] as const) {
  describeSessionStore(name, storesOn(client), {
    connectAgain: storesOn(client),
    sizeOf: (_, { space }) => countEntries([server], `${space}:`),
  });
}
