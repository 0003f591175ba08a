import { expectTypeOf, test } from "bun:test";
import type { RedisClient as BunRedisClient } from "bun";
import type { Cluster, Redis } from "ioredis";
import type { createClient, createClientPool, createCluster, createSentinel } from "redis";
import type {
  createRedisClient,
  createRedisSessionStore,
  RedisClient,
  RedisSessionClientLike,
} from "../index.ts";

type Accepted = Parameters<typeof createRedisSessionStore>[0]["client"];

// The compiler is what fails here, in `tsc`.
test("every client is accepted as it is, without a cast", () => {
  expectTypeOf<RedisClient>().toExtend<Accepted>();
  expectTypeOf<ReturnType<typeof createRedisClient>>().toExtend<Accepted>();
  expectTypeOf<BunRedisClient>().toExtend<Accepted>();
  expectTypeOf<ReturnType<typeof createClient>>().toExtend<Accepted>();
  expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<Accepted>();
  expectTypeOf<ReturnType<typeof createCluster>>().toExtend<Accepted>();
  expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<Accepted>();
  expectTypeOf<Redis>().toExtend<Accepted>();
  expectTypeOf<Cluster>().toExtend<Accepted>();
  expectTypeOf<RedisSessionClientLike>().toExtend<Accepted>();
});

test("what createRedisClient gives has the methods of a client written by hand", () => {
  expectTypeOf<RedisClient>().toExtend<Required<RedisSessionClientLike>>();
});

test("what is no client is not accepted", () => {
  expectTypeOf<Record<string, never>>().not.toExtend<Accepted>();
  expectTypeOf<{ get(key: string): Promise<string | null> }>().not.toExtend<Accepted>();
  expectTypeOf<string>().not.toExtend<Accepted>();
  expectTypeOf<undefined>().not.toExtend<Accepted>();
});
