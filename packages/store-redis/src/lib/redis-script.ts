import type { RedisCommands } from "./redis-commands.ts";

/** A script for one key. */
export interface RedisScript {
  readonly source: string;
  /** SHA-1 of the source, by which a server knows it. */
  readonly sha: string;
}

export function defineScript(source: string): RedisScript {
  const trimmed = source.trim();
  return { source: trimmed, sha: Bun.SHA1.hash(trimmed, "hex") };
}

/**
 * Runs the script by its hash; sends its source where the server does not know it: on first use, after a restart or
 * `SCRIPT FLUSH`, and on each node of a Cluster.
 */
export async function runScript(
  commands: RedisCommands,
  script: RedisScript,
  key: string,
  ...args: readonly string[]
): Promise<unknown> {
  try {
    return await commands.send(key, "EVALSHA", [script.sha, "1", key, ...args]);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return commands.send(key, "EVAL", [script.source, "1", key, ...args]);
  }
}
