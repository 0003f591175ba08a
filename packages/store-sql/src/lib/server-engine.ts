import { setTimeout as pause } from "node:timers/promises";
import type { ReservedSQL, SQL } from "bun";
import { type Engine, tookTooLong } from "./engine.ts";
import type { Call, Operation, Result } from "./statement.ts";

/**
 * Errors by which a server says that of two who wait for each other this one has to go back: SQLSTATE of PostgreSQL
 * (serialization, deadlock), numbers of MySQL (changed since it was read, lock wait, deadlock, no
 * number for a new row because of one). Nothing was written.
 */
const AGAIN: readonly unknown[] = ["40001", "40P01", 1020, 1205, 1213, 1467];

/** What was to be made is there: a key (PostgreSQL, MySQL); a table, a column, an index (MySQL). */
const TAKEN: readonly unknown[] = ["23505", 1062, 1050, 1060, 1061];

/** A column that may not be NULL was to be (MySQL): how a statement there says that its new row is not to be. */
const UNWANTED = 1048;

/** The longest pause before another try, in milliseconds. */
const MAX_PAUSE = 50;

const DISCARD = { timeout: 0 };

/**
 * On PostgreSQL and MySQL, by a pool of connections. Bun has no time limit for a query: one that a server does not answer
 * would hold its connection for ever. So each operation has a connection to itself, which goes with it when its time is up.
 */
export function createServerEngine(sql: SQL, timeout: number, ownsPool: boolean): Engine {
  let running = 0;
  let onIdle = (): void => {};

  async function attempt<Answer>(connection: ReservedSQL, operation: Operation<Answer>): Promise<Answer> {
    let step = operation.next();
    while (!step.done) step = operation.next(await execute(connection, step.value));
    return step.value;
  }

  async function withConnection<Answer>(
    milliseconds: number,
    work: (connection: ReservedSQL, isLate: () => boolean) => Promise<Answer>,
  ): Promise<Answer> {
    const late = new AbortController();
    const isLate = (): boolean => late.signal.aborted;
    let connection: ReservedSQL | undefined;
    const discard = async (): Promise<void> => {
      const abandoned = connection;
      connection = undefined;
      // Whether or not it can still be closed in order, it is not used again.
      await abandoned?.close(DISCARD).catch(() => {});
    };
    const timer = setTimeout(() => {
      late.abort();
      void discard();
    }, milliseconds);
    try {
      connection = await sql.reserve({ signal: late.signal });
      late.signal.throwIfAborted();
      const answer = await work(connection, isLate);
      await connection?.release();
      return answer;
    } catch (error) {
      // Whatever it has left behind, a transaction or a lock, ends with the connection.
      await discard();
      throw isLate() ? tookTooLong(milliseconds) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async function run<Answer>(make: () => Operation<Answer>, milliseconds = timeout): Promise<Answer> {
    running += 1;
    try {
      return await withConnection(milliseconds, async (connection, isLate) => {
        for (let longest = 2; ; longest = Math.min(longest * 2, MAX_PAUSE)) {
          try {
            return await attempt(connection, make());
          } catch (error) {
            if (!AGAIN.includes(errnoOf(error)) || isLate()) throw error;
            await connection.unsafe("ROLLBACK");
          }
          // Those who met once would meet again if they all came back at the same moment.
          await pause(Math.random() * longest);
        }
      });
    } finally {
      running -= 1;
      if (running === 0) onIdle();
    }
  }

  return {
    read: run,
    write: run,
    async close() {
      if (running > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      if (ownsPool) await sql.close(DISCARD);
    },
  };
}

async function execute(connection: ReservedSQL, { statement, values }: Call): Promise<Result> {
  const bound = statement.bind(values, Date.now);
  try {
    const rows = await connection.unsafe(statement.text, bound);
    return { rows, changes: rows.affectedRows, isTaken: false };
  } catch (error) {
    const isTaken = TAKEN.includes(errnoOf(error));
    if (isTaken || errnoOf(error) === UNWANTED) return { rows: [], changes: 0, isTaken };
    throw error;
  }
}

function errnoOf(error: unknown): unknown {
  return error instanceof Error && "errno" in error ? error.errno : undefined;
}
