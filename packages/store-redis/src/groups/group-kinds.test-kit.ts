import { type RedisServer, startCluster, startSentinel } from "@ventostack/testing/redis";
import type { RedisClientOptions } from "../index.ts";

/** A group whose nodes have no successors: what is down stays down. */
export interface StartedGroup {
  /** Where clients go. */
  readonly options: RedisClientOptions;
  readonly servers: readonly RedisServer[];
  /** Those that a client has to ask first. */
  readonly all: readonly RedisServer[];
  stop(): Promise<void>;
}

export const groupKinds: readonly { readonly name: string; start(): Promise<StartedGroup> }[] = [
  {
    name: "createRedisClient({ cluster })",
    async start() {
      const cluster = await startCluster({ replicas: 0 });
      const { nodes, urls, stop } = cluster;
      return { options: { cluster: urls }, servers: nodes, all: nodes, stop };
    },
  },
  {
    name: "createRedisClient({ sentinel })",
    async start() {
      const group = await startSentinel({ replicas: 0 });
      const { name, sentinels, servers, sentinelServers, stop } = group;
      const options = { sentinel: { name, nodes: sentinels } };
      return { options, servers, all: [...sentinelServers, ...servers], stop };
    },
  },
];

/** What clients have opened at the node, by the user that they signed in as. */
export async function connectionsOf(server: RedisServer, user?: string): Promise<number> {
  const lines = String(await server.command("CLIENT", "LIST", "TYPE", "normal")).split("\n");
  return lines.filter((line) => line !== "" && (user === undefined || line.includes(` user=${user} `)))
    .length;
}
