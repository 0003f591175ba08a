import { afterAll } from "bun:test";
import { startCluster } from "@ventostack/testing/redis";
import { Cluster } from "ioredis";
import { createCluster } from "redis";
import { type ClientKind, describeClient } from "../clients/describe-client.test-kit.ts";
import { createRedisClient, createRedisSessionStore } from "../index.ts";

const cluster = await startCluster();
afterAll(() => cluster.stop());
const { nodes, urls } = cluster;

const kinds: ClientKind[] = [
  {
    name: "createRedisClient({ cluster })",
    open() {
      const client = createRedisClient({ cluster: urls.slice(0, 2) });
      return {
        createStore: (keyPrefix) => createRedisSessionStore({ client, keyPrefix }),
        close: () => client.close(),
      };
    },
  },
  ...([2, 3] as const).flatMap((RESP): ClientKind[] => [
    {
      name: `node-redis cluster, RESP${RESP}`,
      async open() {
        const client = createCluster({ rootNodes: urls.map((url) => ({ url })), RESP });
        await client.connect();
        return {
          createStore: (keyPrefix) => createRedisSessionStore({ client, keyPrefix }),
          close: () => client.close(),
        };
      },
    },
    ...[false, true].map(
      (enableAutoPipelining): ClientKind => ({
        name: `ioredis Cluster, RESP${RESP}${enableAutoPipelining ? ", enableAutoPipelining" : ""}`,
        open() {
          const roots = nodes.map(({ host, port }) => ({ host, port }));
          const client = new Cluster(roots, { enableAutoPipelining, redisOptions: { protocol: RESP } });
          return {
            createStore: (keyPrefix) => createRedisSessionStore({ client, keyPrefix }),
            close: () => client.quit(),
          };
        },
      }),
    ),
  ]),
];

for (const kind of kinds) {
  describeClient(kind, () => Promise.all(nodes.map((node) => node.command("SCRIPT", "FLUSH"))));
}
