import { afterAll } from "bun:test";
import { startCluster } from "@ventostack/testing/redis";
import { Cluster } from "ioredis";
import { createCluster } from "redis";
import { type ClientKind, describeClient } from "../clients/describe-client.test-kit.ts";
import { createRedisClient } from "../index.ts";

const cluster = await startCluster();
afterAll(() => cluster.stop());
const { nodes, urls } = cluster;

const kinds: ClientKind[] = [
  {
    name: "createRedisClient({ cluster })",
    open() {
      const client = createRedisClient({ cluster: urls.slice(0, 2), commandTimeout: 10_000 });
      return { client, close: () => client.close() };
    },
  },
  ...([2, 3] as const).flatMap((RESP): ClientKind[] => [
    {
      name: `node-redis cluster, RESP${RESP}`,
      isVariant: true,
      async open() {
        const client = createCluster({ rootNodes: urls.map((url) => ({ url })), RESP });
        await client.connect();
        return { client, close: () => client.close() };
      },
    },
    ...[false, true].map(
      (enableAutoPipelining): ClientKind => ({
        name: `ioredis Cluster, RESP${RESP}${enableAutoPipelining ? ", enableAutoPipelining" : ""}`,
        isVariant: true,
        open() {
          const roots = nodes.map(({ host, port }) => ({ host, port }));
          const client = new Cluster(roots, { enableAutoPipelining, redisOptions: { protocol: RESP } });
          return { client, close: () => client.quit() };
        },
      }),
    ),
  ]),
];

// Replicas hold the keys as well, and would count them twice.
const masters = nodes.slice(0, 3);
for (const kind of kinds) describeClient(kind, masters);
