// GETs per second through each client, and sessions read through the manager, at 1, 50 and 200 callers, as medians of
// interleaved rounds against one server that this starts. The ratio is to Bun's own client without auto-pipelining.
// Usage: bun bench/redis-clients.ts [rounds]
import { RedisClient as BunRedisClient } from "bun";
import { createSessionManager } from "../packages/auth/src/index.ts";
import { createRedisClient, createRedisSessionStore } from "../packages/store-redis/src/index.ts";
import { startRedis } from "../testing/redis/index.ts";

const ROUNDS = Number(process.argv[2] ?? 7);
const MILLISECONDS = 200;

/** Peers are no dependency of this folder: they are taken from the package that tests against them. */
const peer = (name: string): Promise<unknown> =>
  import(Bun.resolveSync(name, `${import.meta.dir}/../packages/store-redis`));

const server = await startRedis();
const client = createRedisClient({ url: server.url });
const sessions = createSessionManager(createRedisSessionStore({ client }));
const { id } = await sessions.create({ userId: "u1", role: "user", loginAt: "2026-01-01T00:00:00.000Z" });
const key = `session:id:${sessions.handleOf(id)}`;

const plain = new BunRedisClient(server.url, { enableAutoPipelining: false });
const pipelining = new BunRedisClient(server.url);
const { createClient } = (await peer("redis")) as { createClient: (options: object) => NodeRedis };
const { Redis: IoRedis } = (await peer("ioredis")) as { Redis: new (url: string) => Closable };
interface Closable {
  get(key: string): Promise<unknown>;
  disconnect(): unknown;
}
interface NodeRedis extends Closable {
  connect(): Promise<unknown>;
  destroy(): unknown;
}
const nodeRedis = createClient({ url: server.url });
await nodeRedis.connect();
const ioredis = new IoRedis(server.url);

const readers: readonly [name: string, read: () => Promise<unknown>][] = [
  ["Bun, no auto-pipelining", () => plain.get(key)],
  ["Bun, default", () => pipelining.get(key)],
  ["createRedisClient", () => client.get(key)],
  ["node-redis", () => nodeRedis.get(key)],
  ["ioredis", () => ioredis.get(key)],
  ["manager.get", () => sessions.get(id)],
];

/** Calls per second. */
async function rate(read: () => Promise<unknown>, callers: number): Promise<number> {
  const begun = performance.now();
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - begun < MILLISECONDS) {
      await read();
      calls++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return calls / ((performance.now() - begun) / 1000);
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

for (const callers of [1, 50, 200]) {
  const rates = new Map<string, number[]>(readers.map(([name]) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, read] of readers) {
      const measured = await rate(read, callers);
      if (round > 0) rates.get(name)?.push(measured);
    }
  }
  const base = median(rates.get("Bun, no auto-pipelining") ?? []);
  console.log(`${callers} callers`);
  for (const [name, measured] of rates) {
    const rounded = (median(measured) / 1000).toFixed(1);
    console.log(`  ${name.padEnd(24)} ${rounded.padStart(6)}k/s   ${(median(measured) / base).toFixed(2)}`);
  }
}

plain.close();
pipelining.close();
nodeRedis.destroy();
ioredis.disconnect();
await client.close();
await server.stop();
