import { Database } from "bun:sqlite";
import { statSync } from "node:fs";
import type { Migration } from "./migration.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import { type Compile, call, type Operation, type SqlDialect } from "./statement.ts";

/** What a database says of itself, and of the table in it. */
export interface SqlFacts {
  readonly dialect: SqlDialect;
  /** As it calls itself: `PostgreSQL 15.14`, `MariaDB 10.11.6`, `SQLite 3.51.0`. */
  readonly product: string;
  /** Whether it refuses writes. */
  readonly isReadOnly: boolean;
  /** The version of the table's schema: 0 where there is no table. */
  readonly schemaVersion: number;
  /** The one that this release makes. */
  readonly knownSchemaVersion: number;
  /** By how many milliseconds its clock is ahead of this machine's, give or take half of `roundTrip`. */
  readonly clockOffset: number;
  readonly roundTrip: number;
  /** Rows whose session is over, and that wait for a sweep. */
  readonly expired: number;
  /** For how many milliseconds the oldest of them has. */
  readonly oldestExpired: number;
  /** Of a file only. */
  readonly file?: SqliteFileFacts;
}

export interface SqliteFileFacts {
  /** `wal`, unless another program has changed it, or the file system does not know how. */
  readonly journalMode: string;
  /** The rights of others, as in `0o600`. */
  readonly mode: number;
}

const PRODUCT: Record<SqlDialect, string> = {
  sqlite: "SELECT 'SQLite ' || sqlite_version() AS product, 0 AS read_only, {now} AS now",
  postgres:
    "SELECT 'PostgreSQL ' || current_setting('server_version') AS product, " +
    "(pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on')::int AS read_only, {now} AS now",
  mysql: "SELECT VERSION() AS product, @@global.read_only AS read_only, {now} AS now",
};

export function createFacts(
  dialect: SqlDialect,
  compile: Compile,
  migration: Migration,
  now: () => number,
): () => Operation<Omit<SqlFacts, "file">> {
  const product = compile(PRODUCT[dialect]);
  const expired = compile(
    "SELECT COUNT(*) AS expired, MIN(expires_at) AS oldest FROM {table} WHERE expires_at <= {indexed now}",
  );
  return function* facts() {
    // The first trip may make the connection.
    const schemaVersion = yield* migration.find();
    const sentAt = now();
    const [told] = (yield call(product)).rows;
    const roundTrip = now() - sentAt;
    const time = Number(told?.now);
    const [counted] = schemaVersion === 0 ? [] : (yield call(expired)).rows;
    const count = Number(counted?.expired ?? 0);
    return {
      dialect,
      product: dialect === "mysql" ? mysqlProduct(String(told?.product)) : String(told?.product),
      isReadOnly: Number(told?.read_only) !== 0,
      schemaVersion,
      knownSchemaVersion: SCHEMA_VERSION,
      clockOffset: time - (sentAt + roundTrip / 2),
      roundTrip,
      expired: count,
      oldestExpired: count === 0 ? 0 : time - Number(counted?.oldest),
    };
  };
}

/** `10.11.6-MariaDB-0+deb12u1`, or `8.0.36`. */
function mysqlProduct(version: string): string {
  const [number = ""] = version.split("-");
  return `${version.includes("MariaDB") ? "MariaDB" : "MySQL"} ${number}`;
}

/** Before a store opens it, which turns WAL on. Throws where there is no such file, and makes none. */
export function readFileFacts(file: string): SqliteFileFacts {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new Error(`There is no file ${file}.`);
  using database = new Database(file, { readonly: true });
  const { journal_mode } = database.query("PRAGMA journal_mode").get() as { journal_mode: string };
  return { journalMode: journal_mode, mode: stat.mode & 0o777 };
}
