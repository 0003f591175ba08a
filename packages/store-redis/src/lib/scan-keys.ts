import type { RedisNode } from "./redis-nodes.ts";

/** Keys that the server is to look at for one answer. */
export const SCAN_COUNT = 512;

/**
 * The names below the prefix, some at a time and some maybe twice: a server that resizes its tables meanwhile shows keys
 * again. Every answer is yielded, also one without a name, since it too took its time.
 */
export async function* scanKeys(node: RedisNode, prefix: string): AsyncGenerator<string[]> {
  const pattern = `${prefix.replaceAll(/[*?[\]\\^]/g, "\\$&")}*`;
  let cursor = "0";
  do {
    const args = [cursor, "MATCH", pattern, "COUNT", String(SCAN_COUNT)];
    const [next, keys] = (await node.send("SCAN", args)) as [string, string[]];
    cursor = String(next);
    yield keys.map((key) => key.slice(prefix.length));
  } while (cursor !== "0");
}
