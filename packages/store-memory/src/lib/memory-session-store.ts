import type {
  DeleteByUserOptions,
  Refreshed,
  ReplaceOutcome,
  SessionStore,
  StoredSession,
} from "@ventostack/auth-core";
import { createEntryTable, type Entry } from "./entry-table.ts";
import { toEntry } from "./new-entry.ts";
import { type MemorySessionStoreOptions, resolveMemoryStoreOptions } from "./options.ts";
import { NONE, type Slot } from "./session-row.ts";
import { createSweeper } from "./sweeper.ts";

export type { MemorySessionStoreOptions };

/** A store with every method there is; those beyond the four documented ones answer at once. */
export interface MemorySessionStore extends SessionStore {
  readonly load: { (key: string): StoredSession | null; readonly atOnce?: true };
  insert(session: StoredSession): boolean;
  replace(key: string, session: StoredSession, revision: number): ReplaceOutcome;
  refresh(key: string, ttl: number, whenBelow?: number): Refreshed<StoredSession> | null;
  remove(key: string): StoredSession | null;
  listByUser(userKey: string): StoredSession[];
  deleteByUser(userKey: string, options?: DeleteByUserOptions): number;
  close(): Promise<void>;
  /** Records held: the live sessions, and those expired ones that no read or sweep has met yet. */
  readonly size: number;
  /** Removes every expired session now, in slices that let other work in between; how many those were. */
  sweep(): Promise<number>;
}

/**
 * Sessions in the memory of this process: gone when it ends, unknown to any other. Data is kept as JSON text, so it
 * means the same as in a store across the network, and shares no memory with anyone. Throws `INVALID_OPTION`.
 */
export function createMemorySessionStore(options: MemorySessionStoreOptions = {}): MemorySessionStore {
  const { maxSessions, sweepInterval, clock } = resolveMemoryStoreOptions(options);
  const table = createEntryTable(maxSessions);
  const sweeper = createSweeper(table, sweepInterval, clock);
  let closed = false;

  function checkOpen(): void {
    if (closed) throw new Error("The memory session store has been closed: create a new one.");
  }

  /** The slot of the live session under the key, or `NONE`. An expired one that is met goes at once. */
  function find(key: string): Slot {
    checkOpen();
    const slot = table.find(key);
    if (slot === NONE || table.expiresAt(slot) > clock()) return slot;
    table.remove(slot);
    return NONE;
  }

  function write(entry: Entry): void {
    table.put(entry);
    sweeper.start();
  }

  function load(key: string): StoredSession | null {
    const slot = find(key);
    return slot === NONE ? null : table.read(slot, key);
  }

  function extend(slot: Slot, ttl: number): void {
    const latest = table.rare(slot)?.absoluteExpiresAt ?? Number.POSITIVE_INFINITY;
    const wanted = Math.min(clock() + Math.round(ttl * 1000), latest);
    table.setExpiresAt(slot, Math.max(table.expiresAt(slot), wanted));
  }

  /** Whether there was a live one. */
  function end(key: string): boolean {
    const slot = find(key);
    if (slot === NONE) return false;
    table.remove(slot);
    return true;
  }

  return {
    capabilities: { atomic: true, byUser: true },

    load: Object.assign(load, { atOnce: true as const }),

    async get(key) {
      return load(key);
    },

    async set(session) {
      // One that has expired goes: this is another session, and joins its user anew.
      find(session.id);
      // Not always the same: one who has read the record before must not take this one for it.
      const revision = Math.floor(Math.random() * 2 ** 40);
      write(toEntry({ createdAt: clock(), revision, version: 1, ...session }));
    },

    async delete(key) {
      end(key);
    },

    async touch(key, ttl) {
      const slot = find(key);
      if (slot !== NONE) extend(slot, ttl);
    },

    insert(session) {
      if (find(session.id) !== NONE) return false;
      write(toEntry(session));
      return true;
    },

    replace(key, session, revision) {
      const slot = find(key);
      if (slot === NONE) return "gone";
      if (table.revision(slot) !== revision) return "changed";
      if (session.id === key) {
        write(toEntry({ ...session, expiresAt: table.expiresAt(slot) }));
        return "replaced";
      }
      if (find(session.id) !== NONE) return "changed";
      // The old one ends only once nothing can hinder the new one.
      const entry = toEntry(session);
      end(key);
      write(entry);
      return "replaced";
    },

    refresh(key, ttl, whenBelow = Number.POSITIVE_INFINITY) {
      const slot = find(key);
      if (slot === NONE) return null;
      const before = table.expiresAt(slot);
      if (before - clock() <= whenBelow * 1000) extend(slot, ttl);
      return { session: table.read(slot, key), extended: table.expiresAt(slot) > before };
    },

    remove(key) {
      const slot = find(key);
      if (slot === NONE) return null;
      const ended = table.read(slot, key);
      table.remove(slot);
      return ended;
    },

    listByUser(userKey) {
      checkOpen();
      return table.keysOfUser(userKey).flatMap((key) => load(key) ?? []);
    },

    deleteByUser(userKey, { except, onEnded } = {}) {
      checkOpen();
      const ended = table.keysOfUser(userKey).filter((key) => key !== except && end(key));
      if (onEnded !== undefined) for (const key of ended) onEnded(key);
      return ended.length;
    },

    async sweep() {
      checkOpen();
      return sweeper.sweep();
    },

    async close() {
      closed = true;
      sweeper.stop();
      table.clear();
    },

    get size() {
      return table.size;
    },
  };
}
