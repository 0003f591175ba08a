import type {
  DeleteByUserOptions,
  Refreshed,
  ReplaceOutcome,
  SessionStore,
  StoredSession,
} from "@ventostack/auth-core";
import { createEntryTable, createRest, type Entry, USUAL_VERSION } from "./entry-table.ts";
import { type MemorySessionStoreOptions, resolveMemoryStoreOptions } from "./options.ts";
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

  /** The live entry under the key. An expired one that is met goes at once. */
  function find(key: string): Entry | undefined {
    checkOpen();
    const entry = table.get(key);
    if (entry === undefined || entry.expiresAt > clock()) return entry;
    table.delete(key);
    return undefined;
  }

  function write(session: StoredSession): void {
    const { id, data, expiresAt, createdAt, absoluteExpiresAt, userKey, revision, version, notes } = session;
    const isUsual = absoluteExpiresAt === undefined && version === USUAL_VERSION && notes === undefined;
    table.set(id, {
      data: JSON.stringify(data),
      expiresAt: Math.min(expiresAt, absoluteExpiresAt ?? Number.POSITIVE_INFINITY),
      createdAt,
      userKey,
      revision,
      rest: isUsual ? undefined : createRest(absoluteExpiresAt, version, notes && JSON.stringify(notes)),
    });
    sweeper.start();
  }

  function load(key: string): StoredSession | null {
    const entry = find(key);
    return entry === undefined ? null : toStoredSession(key, entry);
  }

  function extend(entry: Entry, ttl: number): void {
    const wanted = Math.min(
      clock() + Math.round(ttl * 1000),
      entry.rest?.absoluteExpiresAt ?? Number.POSITIVE_INFINITY,
    );
    entry.expiresAt = Math.max(entry.expiresAt, wanted);
  }

  function end(key: string): boolean {
    return find(key) !== undefined && table.delete(key);
  }

  return {
    capabilities: { atomic: true, byUser: true },

    load: Object.assign(load, { atOnce: true as const }),

    async get(key) {
      return load(key);
    },

    async set(session) {
      checkOpen();
      // Not always the same: one who has read the record before must not take this one for it.
      write({ createdAt: clock(), revision: Math.floor(Math.random() * 2 ** 40), version: 1, ...session });
    },

    async delete(key) {
      end(key);
    },

    async touch(key, ttl) {
      const entry = find(key);
      if (entry !== undefined) extend(entry, ttl);
    },

    insert(session) {
      if (find(session.id) !== undefined) return false;
      write(session);
      return true;
    },

    replace(key, session, revision) {
      const entry = find(key);
      if (entry === undefined) return "gone";
      if (entry.revision !== revision || (session.id !== key && find(session.id) !== undefined))
        return "changed";
      if (session.id === key) {
        write({ ...session, expiresAt: entry.expiresAt });
      } else {
        table.delete(key);
        write(session);
      }
      return "replaced";
    },

    refresh(key, ttl, whenBelow = Number.POSITIVE_INFINITY) {
      const entry = find(key);
      if (entry === undefined) return null;
      const before = entry.expiresAt;
      if (before - clock() <= whenBelow * 1000) extend(entry, ttl);
      return { session: toStoredSession(key, entry), extended: entry.expiresAt > before };
    },

    remove(key) {
      const ended = load(key);
      if (ended !== null) table.delete(key);
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

function toStoredSession(id: string, entry: Entry): StoredSession {
  const { expiresAt, createdAt, revision, userKey, rest } = entry;
  const session: StoredSession = {
    id,
    data: JSON.parse(entry.data),
    expiresAt,
    createdAt,
    revision,
    version: rest?.version ?? USUAL_VERSION,
  };
  if (userKey !== undefined) session.userKey = userKey;
  if (rest === undefined) return session;
  const { absoluteExpiresAt, notes } = rest;
  if (absoluteExpiresAt !== undefined) session.absoluteExpiresAt = absoluteExpiresAt;
  if (notes !== undefined) session.notes = JSON.parse(notes);
  return session;
}
