import type {
  Awaitable,
  DeleteByUserOptions,
  Refreshed,
  ReplaceOutcome,
  SessionStore,
  StoredSession,
} from "@ventostack/auth-core";
import { createMigration, MIGRATION_TIMEOUT } from "./migration.ts";
import { createMysqlOperations } from "./mysql-operations.ts";
import { openEngine } from "./open-engine.ts";
import type { Operations } from "./operations.ts";
import { resolveSqlStoreOptions, type SqlSessionStoreOptions } from "./options.ts";
import { createReturningOperations } from "./returning-operations.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import { createCompiler, type Operation } from "./statement.ts";
import { createSweeper } from "./sweeper.ts";

/** A store with every method there is. */
export interface SqlSessionStore extends SessionStore {
  load(key: string): Awaitable<StoredSession | null>;
  insert(session: StoredSession): Awaitable<boolean>;
  replace(key: string, session: StoredSession, revision: number): Awaitable<ReplaceOutcome>;
  refresh(key: string, ttl: number, whenBelow?: number): Awaitable<Refreshed<StoredSession> | null>;
  remove(key: string): Awaitable<StoredSession | null>;
  listByUser(userKey: string): Awaitable<StoredSession[]>;
  deleteByUser(userKey: string, options?: DeleteByUserOptions): Promise<number>;
  close(): Promise<void>;
  /**
   * Creates the table, or brings one of an earlier release up to this one, and leaves one alone that is as it should be.
   * To be awaited before the first use; any number of instances may call it at once.
   */
  migrate(): Promise<void>;
  /** Removes the expired rows now, in batches that let other work in between; how many those were. */
  sweep(): Promise<number>;
}

/**
 * Sessions in a table of SQLite, PostgreSQL, MySQL or MariaDB, shared by every process that uses it. Throws
 * `INVALID_OPTION`, and what SQLite says where it cannot open the file.
 */
export function createSqlSessionStore(options: SqlSessionStoreOptions): SqlSessionStore {
  const resolved = resolveSqlStoreOptions(options);
  const { target, table, clock, sweepInterval } = resolved;
  const { dialect } = target;
  const compile = createCompiler(dialect, table);
  const operations: Operations =
    dialect === "mysql" ? createMysqlOperations(compile) : createReturningOperations(dialect, compile);
  const migration = createMigration(dialect, table, compile);
  const engine = openEngine(resolved);
  const sweeper = createSweeper(sweepInterval, async (limit) => write(() => operations.sweep(limit)));
  let closing: Promise<void> | undefined;

  function checkOpen(): void {
    if (closing !== undefined) throw new Error("The SQL session store has been closed: create a new one.");
  }

  function read<Answer>(make: () => Operation<Answer>): Awaitable<Answer> {
    checkOpen();
    return engine.read(make);
  }

  function write<Answer>(make: () => Operation<Answer>, timeout?: number): Awaitable<Answer> {
    checkOpen();
    return engine.write(make, timeout);
  }

  const load = (key: string): Awaitable<StoredSession | null> => read(() => operations.load(key));

  function refresh(
    key: string,
    ttl: number,
    whenBelow = Number.POSITIVE_INFINITY,
  ): Awaitable<Refreshed<StoredSession> | null> {
    const lifetime = Math.round(ttl * 1000);
    const threshold = Math.min(Math.round(whenBelow * 1000), Number.MAX_SAFE_INTEGER);
    return write(() => operations.refresh(key, lifetime, threshold));
  }

  async function end(): Promise<void> {
    await sweeper.stop();
    await engine.close();
  }

  return {
    capabilities: { atomic: true, byUser: true },
    // The table is the store's own: no prefix is needed to tell its keys from others.
    keyPrefix: "",

    load,
    get: async (key) => load(key),
    set: async (session) => {
      // Not always the same revision: one who has read the record before must not take this one for it.
      const defaults = { createdAt: clock(), revision: Math.floor(Math.random() * 2 ** 40), version: 1 };
      await write(() => operations.set({ ...defaults, ...session }));
    },
    delete: async (key) => write(() => operations.delete(key)),
    touch: async (key, ttl) => void (await refresh(key, ttl)),

    insert: (session) => write(() => operations.insert(session)),
    replace: (key, session, revision) => write(() => operations.replace(key, session, revision)),
    refresh,
    remove: (key) => write(() => operations.remove(key)),
    listByUser: (userKey) => read(() => operations.listByUser(userKey)),

    async deleteByUser(userKey, { except, onEnded, onTrip } = {}) {
      let count = 0;
      for (;;) {
        const { ended, isComplete } = await write(() => operations.deleteByUser(userKey, except));
        onTrip?.();
        count += ended.length;
        for (const key of ended) onEnded?.(key);
        if (isComplete) return count;
      }
    },

    async migrate() {
      // Most of the time it is up to date, which is found out without a lock.
      if ((await read(migration.check)) < SCHEMA_VERSION) await write(migration.apply, MIGRATION_TIMEOUT);
    },

    sweep: async () => {
      checkOpen();
      return sweeper.sweep();
    },

    close() {
      closing ??= end();
      return closing;
    },
  };
}
