import { afterAll } from "bun:test";
import { startRedis } from "@ventostack/testing/redis";
import { RedisClient } from "bun";
import { Redis } from "ioredis";
import { createClient, createClientPool } from "redis";
import { createRedisClient, createRedisSessionStore } from "../index.ts";
import { type ClientKind, describeClient } from "./describe-client.test-kit.ts";

const server = await startRedis();
afterAll(() => server.stop());
const { url } = server;

const kinds: ClientKind[] = [
  {
    name: "createRedisClient({ url })",
    open() {
      const client = createRedisClient({ url });
      return {
        createStore: (keyPrefix) => createRedisSessionStore({ client, keyPrefix }),
        close: () => client.close(),
      };
    },
  },
  {
    name: "Bun.RedisClient",
    open() {
      const client = new RedisClient(url);
      return {
        createStore: (keyPrefix) => createRedisSessionStore({ client, keyPrefix }),
        close: () => client.close(),
      };
    },
  },
  ...([2, 3] as const).flatMap((RESP): ClientKind[] => [
    {
      name: `node-redis, RESP${RESP}`,
      async open() {
        const client = await createClient({ url, RESP }).connect();
        return {
          createStore: (keyPrefix) => createRedisSessionStore({ client, keyPrefix }),
          close: () => client.close(),
        };
      },
    },
    {
      name: `node-redis pool, RESP${RESP}`,
      async open() {
        const client = createClientPool({ url, RESP }, { minimum: 2, maximum: 8 });
        await client.connect();
        return {
          createStore: (keyPrefix) => createRedisSessionStore({ client, keyPrefix }),
          close: () => client.close(),
        };
      },
    },
    ...[false, true].map(
      (enableAutoPipelining): ClientKind => ({
        name: `ioredis, RESP${RESP}${enableAutoPipelining ? ", enableAutoPipelining" : ""}`,
        open() {
          const client = new Redis(url, { protocol: RESP, enableAutoPipelining });
          return {
            createStore: (keyPrefix) => createRedisSessionStore({ client, keyPrefix }),
            close: () => client.quit(),
          };
        },
      }),
    ),
  ]),
];

for (const kind of kinds) describeClient(kind, () => server.command("SCRIPT", "FLUSH"));
