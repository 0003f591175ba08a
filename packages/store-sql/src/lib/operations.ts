import type { Refreshed, ReplaceOutcome, StoredSession } from "@ventostack/auth-core";
import type { Operation } from "./statement.ts";

/** What the store does to its table, whichever database that is in. */
export interface Operations {
  load(id: string): Operation<StoredSession | null>;
  insert(session: StoredSession): Operation<boolean>;
  set(session: StoredSession): Operation<void>;
  replace(id: string, session: StoredSession, revision: number): Operation<ReplaceOutcome>;
  /** `ttl` and `whenBelow` in milliseconds. */
  refresh(id: string, ttl: number, whenBelow: number): Operation<Refreshed<StoredSession> | null>;
  delete(id: string): Operation<void>;
  remove(id: string): Operation<StoredSession | null>;
  listByUser(userKey: string): Operation<StoredSession[]>;
  /** `except`: the key of one session to leave alone. To be called again until it is complete. */
  deleteByUser(userKey: string, except: string | undefined): Operation<EndedByUser>;
  /** Removes up to so many expired rows; how many there were. Rows that another instance is removing are not waited for. */
  sweep(limit: number): Operation<number>;
}

export interface EndedByUser {
  /** The keys of the live sessions that it ended. */
  readonly ended: readonly string[];
  /** Whether every session that the user had at the beginning of this call is gone. */
  readonly isComplete: boolean;
}

/** Sessions that one call of `deleteByUser` ends at most, where it takes several. */
export const BATCH = 1000;

/** Of an `insert` that wrote nothing though there is no session under its key. */
export function endIsPast(): Error {
  return new Error(
    "The session's end is past by the clock of the database: this machine's clock is behind it.",
  );
}
