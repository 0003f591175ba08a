import { Database, type Statement as Prepared } from "bun:sqlite";
import { closeSync, existsSync, openSync } from "node:fs";
import type { Call, Operation, Result } from "./statement.ts";

/** A connection to a SQLite file. Everything it does it does at once. */
export interface SqliteDatabase {
  /** Runs the operation to its end. */
  run<Answer>(operation: Operation<Answer>): Answer;
  execute(sql: "BEGIN IMMEDIATE" | "COMMIT" | "ROLLBACK"): void;
  readonly inTransaction: boolean;
  close(): void;
}

/** Milliseconds for which opening waits for others that are opening the file. */
const OPENING = 5000;

export function openSqlite(
  file: string,
  synchronous: "full" | "normal",
  clock: () => number,
): SqliteDatabase {
  const database = open(file, synchronous);
  const prepared = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  }

  function execute({ statement, values }: Call): Result {
    const { text, givesRows, bind } = statement;
    const bound = bind(values, clock);
    try {
      if (givesRows)
        return { rows: prepare(text).all(...bound) as Result["rows"], changes: 0, isTaken: false };
      return { rows: [], changes: prepare(text).run(...bound).changes, isTaken: false };
    } catch (error) {
      if (sqliteCode(error) === "SQLITE_CONSTRAINT_UNIQUE") return { rows: [], changes: 0, isTaken: true };
      throw error;
    }
  }

  return {
    run(operation) {
      let step = operation.next();
      while (!step.done) step = operation.next(execute(step.value));
      return step.value;
    },
    execute: (sql) => void prepare(sql).run(),
    get inTransaction() {
      return database.inTransaction;
    },
    close() {
      for (const statement of prepared.values()) statement.finalize();
      prepared.clear();
      database.close();
    },
  };
}

function open(file: string, synchronous: string): Database {
  try {
    // For its owner only, whatever the umask: it says who is signed in. SQLite gives its other files the same rights.
    if (file !== ":memory:" && !existsSync(file)) closeSync(openSync(file, "a", 0o600));
    const database = new Database(file, { readwrite: true, create: true });
    database.run(`PRAGMA busy_timeout = ${OPENING}`);
    // Readers and the writer are not in each other's way.
    database.run("PRAGMA journal_mode = WAL");
    database.run(`PRAGMA synchronous = ${synchronous}`);
    // From now on a write that has to wait lets this process go on meanwhile.
    database.run("PRAGMA busy_timeout = 0");
    return database;
  } catch (cause) {
    throw new Error(`The SQLite file ${file} cannot be opened: ${String(cause)}`, { cause });
  }
}

export function sqliteCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
