import type { SessionStore, StoredSession } from "@ventostack/auth-core";
import { createFacts, readFileFacts, type SqlFacts, type SqliteFileFacts } from "./database-facts.ts";
import { createMigration } from "./migration.ts";
import { openEngine } from "./open-engine.ts";
import { resolveSqlStoreOptions, type SqlSessionStoreOptions } from "./options.ts";
import { createSqlSessionStore, type SqlSessionStore } from "./sql-session-store.ts";
import { call, createCompiler, type Operation, type Row } from "./statement.ts";
import { COLUMNS, toReadableSession } from "./stored-row.ts";

export type SqlInspectorOptions = Pick<SqlSessionStoreOptions, "url" | "table" | "timeout">;

/** The row of a session that is not over. */
export interface InspectedRow {
  /** Its key: the session's handle. With `hashIds: false` it is the secret id itself. */
  readonly name: string;
  /** `undefined`: it is no record that this release reads. */
  readonly session: StoredSession | undefined;
  readonly endsAt: number;
  /** Bytes of what the session holds. */
  readonly bytes: number;
}

/** Looks at all sessions of a table, and at the database that it is in: for operators' tools. An application needs none of it. */
export interface SqlInspector {
  /** A store on the same table. */
  readonly store: SessionStore;
  facts(): Promise<SqlFacts>;
  /** Rows, those that are over included. */
  rowCount(): Promise<number>;
  /** Some hundred at a time, in the order of their keys. */
  sessions(): AsyncGenerator<InspectedRow[]>;
  /** How many live sessions each user has, some hundred users at a time. */
  users(): AsyncGenerator<number[]>;
  /** Removes the rows that are over; how many there were. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

const PAGE = 500;

/** The format of records that the manager of this release reads. */
const RECORD_VERSION = 1;

/** Connects with the first call, and makes neither a table nor a file. Throws `INVALID_OPTION`. */
export function createSqlInspector(options: SqlInspectorOptions): SqlInspector {
  const resolved = resolveSqlStoreOptions({ ...options, connections: 1, sweepInterval: 0 });
  const { target, table, clock } = resolved;
  const { dialect } = target;
  const compile = createCompiler(dialect, table);
  const migration = createMigration(dialect, table, compile);
  const facts = createFacts(dialect, compile, migration, clock);
  const count = compile("SELECT COUNT(*) AS rows_there FROM {table}");
  const page = compile(
    `SELECT ${COLUMNS} FROM {table} WHERE id > $1 AND expires_at > {now} ORDER BY id LIMIT ${PAGE}`,
  );
  const users = compile(
    "SELECT user_key, COUNT(*) AS sessions FROM {table} WHERE user_key > $1 AND expires_at > {now} " +
      `GROUP BY user_key ORDER BY user_key LIMIT ${PAGE}`,
  );
  let opened: ReturnType<typeof open> | undefined;

  function open() {
    const file: SqliteFileFacts | undefined =
      target.dialect === "sqlite" ? readFileFacts(target.file) : undefined;
    const store: SqlSessionStore = createSqlSessionStore({ ...options, connections: 2, sweepInterval: 0 });
    return { file, store, engine: openEngine(resolved) };
  }

  function use(): ReturnType<typeof open> {
    opened ??= open();
    return opened;
  }

  const read = async <Answer>(make: () => Operation<Answer>): Promise<Answer> => use().engine.read(make);

  /** All rows of a statement that begins after a key. */
  async function* pages(
    statement: typeof page,
    keyOf: (row: Row) => unknown,
  ): AsyncGenerator<readonly Row[]> {
    for (let after = ""; ; ) {
      const start = after;
      const rows = await read(function* (): Operation<readonly Row[]> {
        return (yield call(statement, start)).rows;
      });
      yield rows;
      const last = rows.at(-1);
      if (rows.length < PAGE || last === undefined) return;
      after = String(keyOf(last));
    }
  }

  return {
    get store() {
      return use().store;
    },
    async facts() {
      const found = await read(facts);
      const { file } = use();
      return file === undefined ? found : { ...found, file };
    },
    rowCount: () =>
      read(function* (): Operation<number> {
        return Number((yield call(count)).rows[0]?.rows_there);
      }),
    async *sessions() {
      for await (const rows of pages(page, ({ id }) => id)) yield rows.map(toInspected);
    },
    async *users() {
      for await (const rows of pages(users, ({ user_key }) => user_key)) {
        yield rows.map(({ sessions }) => Number(sessions));
      }
    },
    sweep: async () => use().store.sweep(),
    async close() {
      await opened?.engine.close();
      await opened?.store.close();
    },
  };
}

function toInspected(row: Row): InspectedRow {
  const session = toReadableSession(row);
  return {
    name: String(row.id),
    session: session?.version === RECORD_VERSION ? session : undefined,
    endsAt: Number(row.expires_at),
    bytes: Buffer.byteLength(`${row.data}${row.notes ?? ""}`),
  };
}
