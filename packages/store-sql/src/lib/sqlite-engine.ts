import type { Awaitable } from "@ventostack/auth-core";
import { type Engine, tookTooLong } from "./engine.ts";
import { type SqliteDatabase, sqliteCode } from "./sqlite-database.ts";
import type { Operation } from "./statement.ts";

interface Job {
  /** Does the work; what to call once it is sure to stay. */
  run(): () => void;
  reject(error: unknown): void;
  readonly timeout: number;
  /** By `performance.now()`. */
  readonly giveUpAt: number;
}

/** Jobs of one transaction at most: those after it, and other processes, get their turn. */
const MAX_BATCH = 100;

/** The longest pause while another process writes, in milliseconds. */
const MAX_PAUSE = 10;

/**
 * On a SQLite file. Reads answer at once. Writes that are asked for in one turn of the event loop become one transaction, so
 * that they share the wait for the disk; each is answered once that has been committed. While another process writes, they
 * wait without holding this one up.
 */
export function createSqliteEngine(database: SqliteDatabase, timeout: number): Engine {
  let jobs: Job[] = [];
  let isScheduled = false;
  let longest = 1;
  let onIdle = (): void => {};

  function enqueue<Answer>(make: () => Operation<Answer>, milliseconds: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      jobs.push({
        run() {
          const answer = database.run(make());
          return () => resolve(answer);
        },
        reject,
        timeout: milliseconds,
        giveUpAt: performance.now() + milliseconds,
      });
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(flush);
    });
  }

  function flush(): void {
    try {
      database.execute("BEGIN IMMEDIATE");
      longest = 1;
      commit(jobs.splice(0, MAX_BATCH));
    } catch (error) {
      if (isBusy(error)) waitForOthers();
      else rejectAll(jobs.splice(0), error);
    }
    next();
  }

  function commit(batch: Job[]): void {
    const answers: (() => void)[] = [];
    try {
      for (const job of batch) {
        try {
          answers.push(job.run());
        } catch (error) {
          // A full disk ends the whole transaction, a mistake only its statement.
          if (!database.inTransaction) throw error;
          answers.push(() => job.reject(error));
        }
      }
      database.execute("COMMIT");
    } catch (error) {
      rollBack();
      rejectAll(batch, error);
      return;
    }
    for (const answer of answers) answer();
  }

  function rollBack(): void {
    if (database.inTransaction) database.execute("ROLLBACK");
  }

  function waitForOthers(): void {
    const now = performance.now();
    for (const job of jobs) if (job.giveUpAt <= now) job.reject(tookTooLong(job.timeout));
    jobs = jobs.filter(({ giveUpAt }) => giveUpAt > now);
    longest = Math.min(longest * 2, MAX_PAUSE);
  }

  function next(): void {
    isScheduled = jobs.length > 0;
    if (!isScheduled) onIdle();
    else if (longest === 1) setImmediate(flush);
    // Not in step with the others that wait.
    else setTimeout(flush, Math.random() * longest);
  }

  return {
    read<Answer>(make: () => Operation<Answer>): Awaitable<Answer> {
      try {
        return database.run(make());
      } catch (error) {
        // Only where another process has just died and its writes are being looked through.
        if (isBusy(error)) return enqueue(make, timeout);
        throw error;
      }
    },
    write: (make, milliseconds = timeout) => enqueue(make, milliseconds),
    async close() {
      if (isScheduled) await new Promise<void>((resolve) => (onIdle = resolve));
      database.close();
    },
  };
}

function rejectAll(batch: readonly Job[], error: unknown): void {
  for (const { reject } of batch) reject(error);
}

const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(sqliteCode(error));
