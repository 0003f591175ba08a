import { toGroupOptions } from "./group-options.ts";
import { createLasting } from "./lasting.ts";
import type { Connection, RedisClientOptions } from "./redis-client-options.ts";
import type { RedisGroup } from "./redis-group.ts";

/**
 * A Cluster or a group behind Sentinels. node-redis follows slots and primaries; what it does not do is done here. Its
 * first connection it tries once, so that is tried for as long as it takes. And it goes on waiting for a node that hangs,
 * or that it has never reached, also when another has long taken its place: so after commands without an answer it is
 * replaced by a new one, which asks anew who serves what. Throws `INVALID_OPTION`.
 */
export function createGroupConnection(options: RedisClientOptions, timeout: number): Connection {
  const groupOptions = toGroupOptions(options);
  /** Those that may hold connections. */
  const alive = new Set<RedisGroup>();
  let inUse: { group: RedisGroup } | undefined;
  let renewableAt = 0;
  let closed = false;
  let lastError: unknown;

  function noteError(error: unknown): void {
    lastError = error;
  }

  async function open(): Promise<RedisGroup> {
    // Here, because loading node-redis takes a tenth of a second, which nobody else should wait for.
    const { createRedisGroup } = await import("./redis-group.ts");
    const group = createRedisGroup({ ...groupOptions, timeout, onError: noteError });
    alive.add(group);
    try {
      await group.connect();
      if (closed) throw new Error("The Redis client has been closed.");
      return group;
    } catch (error) {
      discard(group);
      throw error;
    }
  }

  function discard(group: RedisGroup): void {
    alive.delete(group);
    group.destroy();
  }

  const lasting = createLasting<{ group: RedisGroup }>({
    async connect() {
      inUse = { group: await open() };
      return inUse;
    },
    discard: ({ group }) => discard(group),
    grace: timeout,
  });

  async function renew(used: { group: RedisGroup }): Promise<void> {
    const next = await open();
    const before = used.group;
    used.group = next;
    lastError = undefined;
    // Other nodes may be serving well: what was sent to them has its time to be answered.
    setTimeout(() => discard(before), timeout).unref();
  }

  return {
    async send(key, command, args) {
      const current = lasting.current();
      const { group } = current instanceof Promise ? await current : current;
      return group.send(key, [command, ...args]);
    },
    suspect() {
      if (inUse === undefined || closed || performance.now() < renewableAt) return;
      renewableAt = Number.POSITIVE_INFINITY;
      const rest = (): void => {
        // Not all processes at the same moment.
        renewableAt = performance.now() + timeout * (2 + Math.random());
      };
      renew(inUse).then(rest, (error: unknown) => {
        noteError(error);
        rest();
      });
    },
    async close() {
      closed = true;
      lasting.close();
      for (const group of alive) discard(group);
    },
    get lastError() {
      return lastError ?? lasting.lastError;
    },
  };
}
