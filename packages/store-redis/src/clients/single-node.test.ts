import { afterAll } from "bun:test";
import { startRedis } from "@ventostack/testing/redis";
import { RedisClient } from "bun";
import { Redis } from "ioredis";
import { createClient, createClientPool } from "redis";
import { createRedisClient } from "../index.ts";
import { type ClientKind, describeClient } from "./describe-client.test-kit.ts";

const server = await startRedis();
afterAll(() => server.stop());
const { url } = server;
/** Milliseconds: room for a machine with other work. */
const commandTimeout = 10_000;

const kinds: ClientKind[] = [
  {
    name: "createRedisClient({ url })",
    open() {
      const client = createRedisClient({ url, commandTimeout });
      return { client, close: () => client.close() };
    },
  },
  {
    name: "Bun.RedisClient",
    open() {
      const client = new RedisClient(url);
      return { client, close: () => client.close() };
    },
  },
  ...([2, 3] as const).flatMap((RESP): ClientKind[] => [
    {
      name: `node-redis, RESP${RESP}`,
      isVariant: RESP === 2,
      async open() {
        const client = await createClient({ url, RESP }).connect();
        return { client, close: () => client.close() };
      },
    },
    {
      name: `node-redis pool, RESP${RESP}`,
      isVariant: true,
      async open() {
        const client = createClientPool({ url, RESP }, { minimum: 2, maximum: 8 });
        await client.connect();
        return { client, close: () => client.close() };
      },
    },
    ...[false, true].map(
      (enableAutoPipelining): ClientKind => ({
        name: `ioredis, RESP${RESP}${enableAutoPipelining ? ", enableAutoPipelining" : ""}`,
        isVariant: RESP === 2 || enableAutoPipelining,
        open() {
          const client = new Redis(url, { protocol: RESP, enableAutoPipelining });
          return { client, close: () => client.quit() };
        },
      }),
    ),
  ]),
];

for (const kind of kinds) describeClient(kind, [server]);
