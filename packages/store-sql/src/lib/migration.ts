import { bookTemplate, SCHEMA_VERSION, versionTemplates } from "./schema.ts";
import { type Compile, call, type Operation, quoteTable, type SqlDialect, type Value } from "./statement.ts";

/** Milliseconds for a migration: an index on a large table takes its time. */
export const MIGRATION_TIMEOUT = 600_000;

export interface Migration {
  /** The version that is there, 0 for none. */
  find(): Operation<number>;
  /** The same, and throws where it is one of a later release. */
  check(): Operation<number>;
  apply(): Operation<void>;
}

/**
 * Makes the table, or makes of an older one one of this release; of callers at once, one does it. A table that is as it
 * should be is only looked at, which takes no right to change it.
 */
export function createMigration(dialect: SqlDialect, table: string, compile: Compile): Migration {
  const find = compile(FIND[dialect]);
  const newest = compile("SELECT MAX(version) AS version FROM {table_schema}");
  const before = BEFORE[dialect].map(compile);
  const after = AFTER[dialect].map(compile);
  const name = `${table}_schema`;
  const [own = "", database = null] = name.split(".").reverse();
  const names: Value[] = { sqlite: [own], postgres: [quoteTable(dialect, name)], mysql: [own, database] }[
    dialect
  ];

  function* version(): Operation<number> {
    const [row] = (yield call(newest)).rows;
    return Number(row?.version ?? 0);
  }

  function* findVersion(): Operation<number> {
    return (yield call(find, ...names)).rows.length === 0 ? 0 : yield* version();
  }

  function known(found: number): number {
    if (found <= SCHEMA_VERSION) return found;
    throw new Error(
      `The table ${table} has version ${found} of the schema, and this release knows up to ${SCHEMA_VERSION}: use the release that made it, or a later one.`,
    );
  }

  return {
    find: findVersion,
    *check() {
      return known(yield* findVersion());
    },
    *apply() {
      for (const statement of before) yield call(statement, lockName(dialect, table));
      // Not asked for first: PostgreSQL may still believe that there is none, though another caller has just made it.
      yield call(compile(bookTemplate(dialect)));
      for (const template of versionTemplates(dialect, known(yield* version())))
        yield call(compile(template));
      for (const statement of after) yield call(statement, lockName(dialect, table));
    },
  };
}

const FIND: Record<SqlDialect, string> = {
  sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = $1 COLLATE NOCASE",
  postgres: "SELECT 1 AS name WHERE to_regclass($1) IS NOT NULL",
  mysql:
    "SELECT table_name AS name FROM information_schema.tables " +
    "WHERE table_name = $1 AND table_schema = COALESCE($2, DATABASE())",
};

/** SQLite lets one writer in at a time, and its changes of a schema are part of the transaction, as on PostgreSQL. */
const BEFORE: Record<SqlDialect, readonly string[]> = {
  sqlite: [],
  postgres: ["BEGIN", "SELECT pg_advisory_xact_lock($1)"],
  mysql: ["SELECT GET_LOCK($1, 3600)"],
};

const AFTER: Record<SqlDialect, readonly string[]> = {
  sqlite: [],
  postgres: ["COMMIT"],
  mysql: ["DO RELEASE_LOCK($1)"],
};

/** One per table: for PostgreSQL a number, for MySQL a name. */
function lockName(dialect: SqlDialect, table: string): Value {
  return dialect === "postgres" ? Number(Bun.hash.crc32(table)) : `ventostack:${table}`.slice(0, 64);
}
