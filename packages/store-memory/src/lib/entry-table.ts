import { createRecencyList, type RecencyNode } from "./recency-list.ts";
import { createShardedMap, SHARDS } from "./sharded-map.ts";

/** One session in memory. Every field is always there, so that all entries have one shape; a seventh takes 16 bytes more. */
export interface Entry {
  /** JSON text. */
  readonly data: string;
  /** Milliseconds, already within the absolute end. */
  expiresAt: number;
  readonly createdAt: number;
  readonly userKey: string | undefined;
  readonly revision: number;
  /** `undefined` where there is nothing in it, as of most sessions. */
  rest: EntryRest | undefined;
}

/** What most sessions have not, in an object of its own, for which the others then need no room. */
export interface EntryRest {
  readonly absoluteExpiresAt: number | undefined;
  readonly version: number;
  /** JSON text. */
  readonly notes: string | undefined;
  /** The table's own: its place in the order of use, where there is a limit. */
  recency: RecencyNode | undefined;
}

/** The format of a record that says nothing else. */
export const USUAL_VERSION = 1;

/** Entries by key and by user, never more than `maxEntries`: above that the least recently used one goes. */
export interface EntryTable {
  /** Counts as use of the entry. */
  get(key: string): Entry | undefined;
  set(key: string, entry: Entry): void;
  delete(key: string): boolean;
  /** In the order in which they joined the user. */
  keysOfUser(userKey: string): string[];
  /** Removes the expired entries of one of {@link PARTS} parts, and gives back their room; how many those were. */
  sweepPart(part: number, now: number): number;
  clear(): void;
  readonly size: number;
}

export const PARTS: number = SHARDS;

export function createRest(
  absoluteExpiresAt?: number,
  version: number = USUAL_VERSION,
  notes?: string,
): EntryRest {
  return { absoluteExpiresAt, version, notes, recency: undefined };
}

export function createEntryTable(maxEntries: number): EntryTable {
  const entries = createShardedMap<Entry>();
  // Nearly every user has one session, and a string is a quarter of the size of a Set that holds it.
  const keysByUser = createShardedMap<string | Set<string>>();
  const isLimited = maxEntries !== Number.POSITIVE_INFINITY;
  const recency = createRecencyList();

  function addToUser(userKey: string, key: string): void {
    const held = keysByUser.get(userKey);
    if (held === undefined) keysByUser.set(userKey, key);
    else if (typeof held !== "string") held.add(key);
    else if (held !== key) keysByUser.set(userKey, new Set([held, key]));
  }

  function removeFromUser(userKey: string, key: string): void {
    const held = keysByUser.get(userKey);
    if (held === key) keysByUser.delete(userKey);
    else if (typeof held === "object" && held.delete(key) && held.size === 0) keysByUser.delete(userKey);
  }

  function remove(key: string): boolean {
    const entry = entries.get(key);
    if (entry === undefined) return false;
    if (entry.userKey !== undefined) removeFromUser(entry.userKey, key);
    if (entry.rest?.recency !== undefined) recency.remove(entry.rest.recency);
    return entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry?.rest?.recency !== undefined) recency.use(entry.rest.recency);
      return entry;
    },

    set(key, entry) {
      const before = entries.get(key);
      // One that stays with its user keeps its place among that user's sessions.
      if (before?.userKey !== undefined && before.userKey !== entry.userKey)
        removeFromUser(before.userKey, key);
      if (before?.rest?.recency !== undefined) recency.remove(before.rest.recency);
      entries.set(key, entry);
      if (entry.userKey !== undefined) addToUser(entry.userKey, key);
      if (!isLimited) return;
      entry.rest ??= createRest();
      entry.rest.recency = recency.add(key);
      if (entries.size > maxEntries && recency.oldest !== undefined) remove(recency.oldest.key);
    },

    delete: remove,

    keysOfUser(userKey) {
      const held = keysByUser.get(userKey) ?? [];
      return typeof held === "string" ? [held] : [...held];
    },

    sweepPart(part, now) {
      let removed = 0;
      for (const [key, entry] of entries.shard(part)) {
        if (entry.expiresAt <= now && remove(key)) removed++;
      }
      entries.compact(part);
      keysByUser.compact(part);
      return removed;
    },

    clear() {
      entries.clear();
      keysByUser.clear();
      recency.clear();
    },

    get size() {
      return entries.size;
    },
  };
}
