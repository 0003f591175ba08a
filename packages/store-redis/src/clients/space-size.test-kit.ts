import type { RedisServer } from "@ventostack/testing/redis";

/** Keys with the prefix, and members of those that are sets, on all the servers together. */
export async function countEntries(servers: readonly RedisServer[], prefix: string): Promise<number> {
  const counts = await Promise.all(servers.map((server) => countOn(server, prefix)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function countOn(server: RedisServer, prefix: string): Promise<number> {
  const keys = (await server.command("KEYS", `${prefix}*`)) as string[];
  const sizes = await Promise.all(
    keys.map(async (key) => {
      const kind = await server.command("TYPE", key);
      if (kind === "zset") return server.command("ZCARD", key);
      return kind === "set" ? server.command("SCARD", key) : 0;
    }),
  );
  return sizes.reduce<number>((sum, size) => sum + Number(size), keys.length);
}
