import { createRedisClient } from "./redis-client.ts";
import type { RedisClient, RedisClientOptions } from "./redis-client-options.ts";

/** One server of those that hold the keys, for commands that ask it about itself or go through all that it holds. */
export interface RedisNode {
  /** Without user and password. */
  readonly address: string;
  send(command: string, args: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * The servers that hold the keys: the one node, the primary that the Sentinels name, or each primary of a Cluster, which
 * gets a connection of its own. `client` was made with the same options.
 */
export async function openNodes(options: RedisClientOptions, client: RedisClient): Promise<RedisNode[]> {
  const { cluster, sentinel, url, ...common } = options;
  if (cluster === undefined) {
    const address = sentinel === undefined ? addressOf(url) : `${sentinel.name} (by Sentinel)`;
    return [{ address, send: client.send, close: async () => undefined }];
  }
  const [first] = cluster.map((text) => URL.parse(text));
  const scheme = first?.protocol ?? "redis:";
  const slots = (await client.send("CLUSTER", ["SLOTS"])) as [number, number, [string, number]][];
  const addresses = new Set(
    slots.map(([, , [host, port]]) => `${bracketed(host || first?.hostname || "localhost")}:${port}`),
  );
  const credentials = {
    ...(first?.username && { username: decodeURIComponent(first.username) }),
    ...(first?.password && { password: decodeURIComponent(first.password) }),
  };
  return [...addresses].map((address) => {
    const node = createRedisClient({ ...credentials, ...common, url: `${scheme}//${address}` });
    return { address, send: node.send, close: node.close };
  });
}

/** An IPv6 address has colons of its own. */
function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function addressOf(url = ""): string {
  const parsed = URL.parse(url);
  return parsed?.host || parsed?.pathname || "the server";
}
