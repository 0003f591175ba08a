import { inBatches } from "./in-batches.ts";
import type { Keys } from "./keys.ts";
import type { RedisCommands } from "./redis-commands.ts";
import { toRecordError, unlessUnreadable } from "./redis-errors.ts";
import { lifetimeOf, readRecord } from "./session-inspection.ts";
import { createUserIndex, IN_FLIGHT } from "./user-index.ts";

/** The set of one user's sessions. */
export interface InspectedUserSet {
  /** `undefined`: what is there is no such set. */
  readonly members: number | undefined;
  /** Members that stand for no session of that user, without those that may be about to. */
  readonly stale: number;
  /** How many of them were removed. */
  readonly removed: number;
  /** Whether the set ends by itself, as it should. */
  readonly hasEnd: boolean;
}

/** `null` where it has ended meanwhile. `name` is the hash of the user, as the key has it. */
export async function inspectUserSet(
  commands: RedisCommands,
  keys: Keys,
  name: string,
  prune: boolean,
): Promise<InspectedUserSet | null> {
  const key = `${keys.users}${name}`;
  const index = createUserIndex(commands, { ...keys, user: () => key }, () => undefined);
  const left = await lifetimeOf(commands, key);
  if (left === null) return null;
  const hasEnd = left !== undefined;
  const read = await unlessUnreadable(index.members(name).catch(toRecordError), undefined);
  if (read === undefined) return { members: undefined, stale: 0, removed: 0, hasEnd };
  const stays = await inBatches(read.members, async ({ id, age }) => {
    if (age < IN_FLIGHT) return true;
    const session = keys.session(id);
    const value = await unlessUnreadable(
      commands.send(session, "GET", [session]).catch(toRecordError),
      undefined,
    );
    // What cannot be read may be this user's: it stays findable until it is repaired.
    if (value === undefined) return true;
    const record = value === null ? null : readRecord(id, String(value));
    if (record === undefined) return true;
    return record?.userKey !== undefined && keys.user(record.userKey) === key;
  });
  const stale = read.members.filter((_, at) => !stays[at]).map(({ id }) => id);
  if (prune) await index.remove(name, stale, read.readAt);
  return { members: read.members.length, stale: stale.length, removed: prune ? stale.length : 0, hasEnd };
}
