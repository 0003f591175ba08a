import { createRedisSessionStore, createSessionManager } from "../../packages/auth/src/index.ts";
import { createRedisClient } from "../../packages/cache/src/index.ts";
import { type RedisServer, startCluster, startRedis } from "../../testing/redis/index.ts";
import { dataOf } from "../ops/subject.ts";
import { microsecondsPer } from "./timing.ts";

const TOGETHER = 200;

export interface RedisScale {
  readonly sessions: number;
  readonly bytesPerSession: number;
  readonly microseconds: Readonly<Record<string, number>>;
}

async function usedMemory(redis: RedisServer): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(String(await redis.command("INFO", "memory")))?.[1]);
}

/** Up to so many sessions on one node: what one takes there, and what the operations cost, 200 at once. */
export async function redisSessions(counts: readonly number[]): Promise<RedisScale[]> {
  const redis = await startRedis();
  const client = createRedisClient({ url: redis.url, commandTimeout: 10_000 });
  const manager = createSessionManager(createRedisSessionStore({ client }), {
    ttl: 86_400,
    storeTimeout: 10_000,
  });
  const results: RedisScale[] = [];
  const ids: string[] = [];
  let created = 0;
  const create = async (): Promise<void> => void ids.push((await manager.create(dataOf(created++))).id);
  try {
    const before = await usedMemory(redis);
    for (const sessions of counts) {
      while (created < sessions) await Promise.all(Array.from({ length: TOGETHER }, create));
      const bytes = ((await usedMemory(redis)) - before) / created;
      const id = (at: number): string => ids[(at * 7919) % ids.length] ?? "";
      const timing = { steps: 4000, rounds: 5, together: TOGETHER };
      results.push({
        sessions,
        bytesPerSession: Math.round(bytes),
        microseconds: {
          get: await microsecondsPer((at) => manager.get(id(at)), timing),
          refreshIfDue: await microsecondsPer((at) => manager.refreshIfDue(id(at)), timing),
          update: await microsecondsPer((at) => manager.update(id(at), { theme: `theme-${at}` }), timing),
          create: await microsecondsPer(create, timing),
        },
      });
    }
  } finally {
    await client.close();
    await redis.stop();
  }
  return results;
}

/** The same sessions on one node, and on Clusters of one master and of three: microseconds per operation, 200 at once. */
export async function redisCluster(): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>> {
  const single = await startRedis();
  const ofOne = await startCluster({ masters: 1, replicas: 0 });
  const ofThree = await startCluster({ replicas: 0 });
  const results: Record<string, Record<string, number>> = {};
  try {
    for (const [name, options] of [
      ["one node", { url: single.url }],
      ["Cluster, 1 master", { cluster: ofOne.urls }],
      ["Cluster, 3 masters", { cluster: ofThree.urls }],
    ] as const) {
      const client = createRedisClient(options);
      const manager = createSessionManager(createRedisSessionStore({ client }));
      const sessions = await Promise.all(
        Array.from({ length: TOGETHER }, (_, at) => manager.create(dataOf(at))),
      );
      const id = (at: number): string => sessions[at % sessions.length]?.id ?? "";
      const timing = { steps: 4000, rounds: 7, together: TOGETHER };
      results[name] = {
        get: await microsecondsPer((at) => manager.get(id(at)), timing),
        update: await microsecondsPer((at) => manager.update(id(at), { theme: `theme-${at}` }), timing),
      };
      await client.close();
    }
  } finally {
    await ofThree.stop();
    await ofOne.stop();
    await single.stop();
  }
  return results;
}
