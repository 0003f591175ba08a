import type { SessionStore } from "@ventostack/auth-core";
import { inBatches } from "./in-batches.ts";
import { createKeys } from "./keys.ts";
import { createRedisClient } from "./redis-client.ts";
import type { RedisClientOptions } from "./redis-client-options.ts";
import { type RedisCommands, toRedisCommands } from "./redis-commands.ts";
import { openNodes, type RedisNode } from "./redis-nodes.ts";
import { createRedisSessionStore } from "./redis-session-store.ts";
import { SCAN_COUNT, scanKeys } from "./scan-keys.ts";
import { compareClocks, type RedisServerFacts, readServerFacts } from "./server-facts.ts";
import { type InspectedSession, inspectSession } from "./session-inspection.ts";
import { type InspectedUserSet, inspectUserSet } from "./user-set-inspection.ts";

export interface RedisInspectorOptions extends RedisClientOptions {
  /** As given to `createRedisSessionStore`. Default `"session:"`. */
  keyPrefix?: string;
}

/** What one answer of the server brought. */
export interface Scanned<Item> {
  readonly items: readonly Item[];
  /** About how many keys the server looked at for it, those of others included. */
  readonly keys: number;
}

/**
 * Looks at all sessions of a prefix, and at the servers that hold them: for operators' tools. It reads with `SCAN`, some
 * hundred keys at a time, so that the server goes on serving; a key may be shown twice. An application needs none of this.
 */
export interface RedisInspector {
  /** A store with the same prefix, through the same client. `close` ends it as well. */
  readonly store: SessionStore;
  servers(): Promise<RedisServerFacts[]>;
  /** How many keys the servers hold, those of others included. */
  keyCount(): Promise<number>;
  sessions(): AsyncGenerator<Scanned<InspectedSession>>;
  /** `prune` also removes the members that stand for no session. */
  userSets(options?: { prune?: boolean }): AsyncGenerator<Scanned<InspectedUserSet>>;
  close(): Promise<void>;
}

/** Connects with the first call. Throws `INVALID_OPTION`. */
export function createRedisInspector(options: RedisInspectorOptions): RedisInspector {
  const { keyPrefix = "session:", ...clientOptions } = options;
  const client = createRedisClient(clientOptions);
  const store = createRedisSessionStore({ client, keyPrefix });
  const keys = createKeys(keyPrefix);
  const commands = toRedisCommands(client) as RedisCommands;
  let opening: Promise<RedisNode[]> | undefined;

  function nodes(): Promise<RedisNode[]> {
    opening ??= openNodes(clientOptions, client).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  async function* each<Item>(
    prefix: string,
    inspect: (name: string, serverTime: () => number) => Promise<Item | null>,
  ): AsyncGenerator<Scanned<Item>> {
    for (const node of await nodes()) {
      const { clockOffset } = await compareClocks(node);
      for await (const names of scanKeys(node, prefix)) {
        const found = await inBatches(names, (name) => inspect(name, () => Date.now() + clockOffset));
        yield { items: found.filter((item) => item !== null), keys: SCAN_COUNT };
      }
    }
  }

  return {
    store,
    servers: async () => Promise.all((await nodes()).map(readServerFacts)),
    async keyCount() {
      const counts = await Promise.all((await nodes()).map((node) => node.send("DBSIZE", [])));
      return counts.reduce<number>((total, count) => total + Number(count), 0);
    },
    sessions: () => each(keys.session(""), (name, time) => inspectSession(commands, keys, name, time)),
    userSets: ({ prune = false } = {}) =>
      each(keys.users, (name) => inspectUserSet(commands, keys, name, prune)),
    async close() {
      await store.close?.();
      const opened = await opening?.catch(() => []);
      await Promise.all((opened ?? []).map((node) => node.close()));
      await client.close();
    },
  };
}
