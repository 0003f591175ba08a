import { afterAll } from "bun:test";
import { startSentinel } from "@ventostack/testing/redis";
import { Redis } from "ioredis";
import { createSentinel } from "redis";
import { type ClientKind, describeClient } from "../clients/describe-client.test-kit.ts";
import { createRedisClient } from "../index.ts";

const group = await startSentinel();
afterAll(() => group.stop());
const { name, servers } = group;
const sentinels = [...group.sentinels];

const kinds: ClientKind[] = [
  {
    name: "createRedisClient({ sentinel })",
    isVariant: true,
    open() {
      const client = createRedisClient({ sentinel: { name, nodes: sentinels }, commandTimeout: 10_000 });
      return { client, close: () => client.close() };
    },
  },
  ...([2, 3] as const).flatMap((RESP): ClientKind[] => [
    {
      name: `node-redis sentinel, RESP${RESP}`,
      isVariant: true,
      async open() {
        const client = await createSentinel({ name, sentinelRootNodes: sentinels, RESP }).connect();
        return { client, close: () => client.close() };
      },
    },
    {
      name: `ioredis by Sentinels, RESP${RESP}`,
      isVariant: true,
      open() {
        const client = new Redis({ name, sentinels, protocol: RESP });
        return { client, close: () => client.quit() };
      },
    },
  ]),
];

for (const kind of kinds) describeClient(kind, servers);
