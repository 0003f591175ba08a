// Memory per session in Redis: as many sessions of the example's data as asked for (100,000 by default), first without
// a user and then with one each, measured by the server itself. Starts a server of its own, which it needs installed.
// Usage: bun bench/redis-memory.ts [sessions]

import { createSessionManager } from "../packages/auth/src/index.ts";
import { createRedisClient } from "../packages/cache/src/index.ts";
import { createRedisSessionStore } from "../packages/store-redis/src/index.ts";
import { startRedis } from "../testing/redis/index.ts";

const SESSIONS = Number(process.argv[2] ?? 100_000);
const TOGETHER = 500;

const server = await startRedis();
const client = createRedisClient({ url: server.url, commandTimeout: 10_000 });
const sessions = createSessionManager(createRedisSessionStore({ client }), {
  ttl: 86_400,
  storeTimeout: 10_000,
});

/** Bytes that the server's data takes, by its own account. */
async function usedMemory(): Promise<number> {
  const info = String(await client.send("INFO", ["memory"]));
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
}

async function measure(data: (index: number) => Record<string, unknown>): Promise<number> {
  await client.send("FLUSHALL", []);
  const before = await usedMemory();
  for (let from = 0; from < SESSIONS; from += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, (_, index) => sessions.create(data(from + index))));
  }
  return ((await usedMemory()) - before) / SESSIONS;
}

const example = (index: number) => ({
  role: "user",
  loginAt: "2026-01-01T00:00:00.000Z",
  theme: "dark",
  index,
});
const anonymous = await measure(example);
const owned = await measure((index) => ({ userId: `user-${index}`, ...example(index) }));
const shared = await measure((index) => ({
  userId: `user-${index % Math.ceil(SESSIONS / 5)}`,
  ...example(index),
}));
const version = /redis_version:(\S+)/.exec(String(await client.send("INFO", ["server"])))?.[1];

console.log(
  `Redis ${version}, ${SESSIONS} sessions of ${JSON.stringify(example(SESSIONS)).length} bytes of JSON each`,
);
console.log(`bytes per session without a user: ${anonymous.toFixed(0)}`);
console.log(
  `with a user each: ${owned.toFixed(0)}, of which the index ${(owned - anonymous).toFixed(0)} and the user's name`,
);
console.log(`with five sessions per user: ${shared.toFixed(0)}`);

await client.close();
await server.stop();
