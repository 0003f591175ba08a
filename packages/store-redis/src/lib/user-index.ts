import type { Keys } from "./keys.ts";
import { MAX_TIME } from "./record.ts";
import type { RedisCommands } from "./redis-commands.ts";
import { runScript } from "./redis-script.ts";
import { INDEX, LEAVE, MEMBERS } from "./scripts.ts";

export interface IndexMember {
  readonly id: string;
  /** Milliseconds since it was added, by the server's clock. */
  readonly age: number;
}

export interface IndexMembers {
  /** Oldest first. */
  readonly members: readonly IndexMember[];
  /** Milliseconds, by the server's clock. */
  readonly readAt: number;
}

/** Which sessions a user has: one sorted set per user, that outlives every session in it. */
export interface UserIndex {
  /**
   * Adds the session before it is written, and gives until when the set is sure to live (ms since the epoch).
   * `joins`: it comes from another user; a member that it left behind here long ago must not pass for it.
   */
  add(userKey: string, id: string, lifetime: number, joins?: boolean): Promise<number>;
  members(userKey: string): Promise<IndexMembers>;
  /**
   * Not those that joined at `before` or later (ms by the server's clock): what was found out about a member then may
   * not hold for one that has come back since.
   */
  remove(userKey: string, ids: readonly string[], before?: number): Promise<void>;
}

/**
 * Milliseconds for which a member without a session may stand for one that is being created: longer than any call is
 * waited for.
 */
export const IN_FLIGHT = 60_000;

/** `onGrown` is told how many members the set has after an addition. */
export function createUserIndex(
  commands: RedisCommands,
  keys: Keys,
  onGrown: (userKey: string, size: number) => void,
): UserIndex {
  return {
    async add(userKey, id, lifetime, joins = false) {
      const args = [id, String(Math.min(Math.ceil(lifetime), MAX_TIME)), joins ? "CH" : "NX"];
      const reply = await runScript(commands, INDEX, keys.user(userKey), ...args);
      const [size, until] = reply as [number, string];
      onGrown(userKey, Number(size));
      return Math.min(Number(until), MAX_TIME);
    },

    async members(userKey) {
      const [readAt, ...reply] = (await runScript(commands, MEMBERS, keys.user(userKey))) as string[];
      const members: IndexMember[] = [];
      for (let index = 0; index < reply.length; index += 2) {
        members.push({ id: String(reply[index]), age: Number(reply[index + 1]) });
      }
      return { members, readAt: Number(readAt) };
    },

    async remove(userKey, ids, before) {
      if (ids.length === 0) return;
      const key = keys.user(userKey);
      if (before === undefined) await commands.send(key, "ZREM", [key, ...ids]);
      else await runScript(commands, LEAVE, key, String(before), ...ids);
    },
  };
}
