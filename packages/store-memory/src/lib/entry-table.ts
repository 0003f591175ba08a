import type { StoredSession } from "@ventostack/auth-core";
import { clearLog, compact, createByteLog, entryMoved, free, tidy } from "./byte-log.ts";
import { createEncodedName, encodeName } from "./encoded-name.ts";
import {
  addToIndex,
  clearIndex,
  createHashIndex,
  firstWith,
  nextWith,
  removeFromIndex,
  replaceInIndex,
} from "./hash-index.ts";
import { createHotSessions, type HotSession } from "./hot-sessions.ts";
import { type RareFields, readRare } from "./rare-fields.ts";
import { createRecencyList } from "./recency-list.ts";
import { clearRows, copyRow, createRows, getFloat, popRow, setFloat, setInt } from "./rows.ts";
import { entryLength, readText, type SessionText, writeEntry } from "./session-entry.ts";
import { hasKey, hasUser, readKey } from "./session-names.ts";
import { Field, NONE, ROW_WIDTH, type Slot } from "./session-row.ts";
import { toStoredSession } from "./stored-session.ts";
import { createUserLists } from "./user-lists.ts";

/** One session to be written. */
export interface Entry extends SessionText {
  readonly key: string;
  /** Milliseconds, already within the absolute end. */
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly revision: number;
}

/**
 * Sessions by key and by user, never more than `maxEntries`: above that the least recently used one goes. They are rows of
 * numbers and entries of bytes, in a few arrays for all: nothing for the garbage collector to visit for each.
 *
 * A slot is good until a session is removed, whose place the last one then takes.
 */
export interface EntryTable {
  /** The session's slot, or `NONE`. Counts as use of it. */
  find(key: string): Slot;
  /** Writes a session anew, or adds it. One that stays with its user keeps its place among that user's sessions. */
  put(entry: Entry): void;
  remove(slot: Slot): void;
  expiresAt(slot: Slot): number;
  setExpiresAt(slot: Slot, at: number): void;
  revision(slot: Slot): number;
  rare(slot: Slot): RareFields | undefined;
  read(slot: Slot, key: string): StoredSession;
  /** In the order in which they joined the user. */
  keysOfUser(userKey: string): string[];
  /** Removes expired sessions, a part at each step, and gives back their room; how many those were so far. */
  sweep(clock: () => number): Generator<number, void>;
  clear(): void;
  readonly size: number;
  /** Bytes that the entries take, with what they have left behind. */
  readonly entryBytes: number;
}

/** Rows that a sweep looks at in one step: well under a millisecond's work, though all of them are removed. */
const PART = 128;

/** Bytes of the entry of a session that is kept as strings too. */
const MOST_HOT = 2048;

/** For tests: so that in a small store happens what otherwise happens in a large one. */
export interface TableTuning {
  /** Bytes of a chunk of the log. */
  readonly chunk?: number;
  /** Two words. */
  readonly secret?: Int32Array;
}

export function createEntryTable(maxEntries: number, tuning: TableTuning = {}): EntryTable {
  const { chunk, secret = crypto.getRandomValues(new Int32Array(2)) } = tuning;
  const rows = createRows(ROW_WIDTH);
  const log = createByteLog(rows, chunk);
  const keyName = createEncodedName(secret);
  const userName = createEncodedName(secret);
  const keys = createHashIndex(rows, Field.keyHash, Field.keyNext);
  const users = createUserLists(log);
  const recency = maxEntries === Number.POSITIVE_INFINITY ? undefined : createRecencyList();
  const hot = createHotSessions();
  /** What the last `find` met there. */
  let hit: HotSession | undefined;
  let stamp = 0;
  /** Whether a session has ended since the strings of those read lately were let go. */
  let hasEnded = false;

  const stampOf = (slot: Slot): number => getFloat(rows, slot, Field.stamp);

  /** Every write has a stamp of its own, so a session that was changed, removed or moved is not taken for what it was. */
  const isCurrent = (session: HotSession): boolean =>
    session.slot < rows.length && stampOf(session.slot) === session.stamp;

  function keepHot(slot: Slot, key: string, text: SessionText): void {
    if (entryLength(log, slot) <= MOST_HOT) hot.offer(key, { slot, stamp: stampOf(slot), text });
  }

  function findBytes(key: string): Slot {
    encodeName(keyName, key);
    let slot = firstWith(keys, keyName.hash);
    while (slot !== NONE && !hasKey(log, slot, keyName)) slot = nextWith(keys, slot, keyName.hash);
    return slot;
  }

  function remove(slot: Slot): void {
    hasEnded = true;
    users.remove(slot);
    removeFromIndex(keys, slot);
    recency?.remove(slot);
    free(log, slot);
    const last = rows.length - 1;
    if (slot !== last) {
      copyRow(rows, last, slot);
      replaceInIndex(keys, last, slot);
      users.moved(last, slot);
      entryMoved(log, slot);
    }
    popRow(rows);
  }

  return {
    find(key) {
      hit = hot.get(key);
      const slot = hit !== undefined && isCurrent(hit) ? hit.slot : findBytes(key);
      if (slot !== NONE) recency?.use(slot);
      return slot;
    },

    put(entry) {
      const { key, userKey } = entry;
      const found = findBytes(key);
      const isNew = found === NONE;
      const slot = isNew ? rows.length : found;
      if (userKey !== undefined) encodeName(userName, userKey);
      const user = userKey === undefined ? undefined : userName;
      const isHot = hit !== undefined && hit.slot === slot && isCurrent(hit);
      const staysWithUser = !isNew && user !== undefined && hasUser(log, slot, user);
      writeEntry(log, slot, keyName, user, entry);
      if (!isNew && !staysWithUser) users.remove(slot);
      setFloat(rows, slot, Field.expiresAt, entry.expiresAt);
      setFloat(rows, slot, Field.createdAt, entry.createdAt);
      setFloat(rows, slot, Field.revision, entry.revision);
      setFloat(rows, slot, Field.stamp, ++stamp);
      if (isHot) keepHot(slot, key, { data: entry.data, userKey, rare: entry.rare });
      if (user === undefined) users.addAlone(slot);
      else if (!staysWithUser) users.add(slot, user);
      if (isNew) {
        setInt(rows, slot, Field.keyHash, keyName.hash);
        addToIndex(keys, slot);
        recency?.add(slot);
      } else {
        recency?.use(slot);
      }
      if (rows.length > maxEntries && recency !== undefined) remove(recency.oldest);
      tidy(log);
    },

    remove(slot) {
      remove(slot);
      tidy(log);
    },

    expiresAt: (slot) => getFloat(rows, slot, Field.expiresAt),
    setExpiresAt: (slot, at) => setFloat(rows, slot, Field.expiresAt, at),
    revision: (slot) => getFloat(rows, slot, Field.revision),
    rare: (slot) => readRare(log, slot),

    read(slot, key) {
      if (hit !== undefined && hit.slot === slot && isCurrent(hit))
        return toStoredSession(rows, slot, key, hit.text);
      const text = readText(log, slot);
      keepHot(slot, key, text);
      return toStoredSession(rows, slot, key, text);
    },

    keysOfUser(userKey) {
      encodeName(userName, userKey);
      return users.list(userName).map((slot) => readKey(log, slot));
    },

    *sweep(clock) {
      let removed = 0;
      // Downwards: what takes the place of a removed one comes from the end, and has been looked at, or will be.
      for (let end = rows.length; end > 0; end = Math.min(end - PART, rows.length)) {
        const now = clock();
        for (let slot = end - 1; slot >= Math.max(end - PART, 0); slot--) {
          if (getFloat(rows, slot, Field.expiresAt) > now) continue;
          remove(slot);
          removed++;
        }
        yield removed;
      }
      if (hasEnded) {
        hot.clear();
        hit = undefined;
        hasEnded = false;
      }
      while (compact(log)) yield removed;
    },

    clear() {
      clearRows(rows);
      clearLog(log);
      clearIndex(keys);
      users.clear();
      recency?.clear();
      hot.clear();
      hit = undefined;
    },

    get size() {
      return rows.length;
    },

    get entryBytes() {
      return log.size;
    },
  };
}
