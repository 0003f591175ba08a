import type { SQL } from "bun";
import { type DatabaseTarget, targetOf } from "./database-target.ts";
import { invalidOption, optionError } from "./invalid-option.ts";
import { checkTable, DEFAULT_TABLE } from "./table-name.ts";

export interface SqlSessionStoreOptions {
  /** `sqlite:sessions.db`, `postgres://...` or `mysql://...`. The store opens it, and closes it. */
  url?: string;
  /** In place of `url`: a client of yours, which stays yours to close. Of one for SQLite the store opens the file anew. */
  sql?: SQL;
  /** Letters, digits and `_`; on a server `schema.table` too. Default `"ventostack_sessions"`. */
  table?: string;
  /**
   * Milliseconds after which a call is given up, with `STORE_TIMEOUT`, and its connection to a server with it. Default 2000,
   * as the manager's `storeTimeout`: raise both together.
   */
  timeout?: number;
  /** Connections to a server at most, with `url`. Default 10. */
  connections?: number;
  /**
   * Seconds between two sweeps of expired rows, on average; 0 for none but those that `sweep()` makes. Default 60. Reads
   * never see an expired row, sweep or not.
   */
  sweepInterval?: number;
  /**
   * SQLite: whether a write is on the disk before it is answered. `"full"`, the default: what was acknowledged survives a power
   * failure. `"normal"`: a power failure or a crash of the system may undo the writes of the last moment, log-outs too.
   */
  synchronous?: "full" | "normal";
  /** SQLite: the current time in milliseconds since the epoch. Default `Date.now`. On a server its own clock counts. */
  clock?: () => number;
}

export interface ResolvedOptions {
  readonly target: DatabaseTarget;
  readonly table: string;
  readonly timeout: number;
  readonly connections: number;
  readonly sweepInterval: number;
  readonly synchronous: "full" | "normal";
  readonly clock: () => number;
}

const known: Record<keyof SqlSessionStoreOptions, true> = {
  url: true,
  sql: true,
  table: true,
  timeout: true,
  connections: true,
  sweepInterval: true,
  synchronous: true,
  clock: true,
};

/** `setTimeout` counts no further: 2^31 - 1 milliseconds. A sweep may come half as late again as its interval. */
const MAX_TIMEOUT = 2_147_483_647;
const MAX_INTERVAL = Math.floor(MAX_TIMEOUT / 1500);

export function resolveSqlStoreOptions(options: SqlSessionStoreOptions): ResolvedOptions {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    throw optionError(`There is no option ${unknown}; the options are ${Object.keys(known).join(", ")}.`);
  }
  const { timeout = 2000, connections = 10, sweepInterval = 60 } = options;
  const { synchronous = "full", clock = Date.now } = options;
  const target = targetOf(options);
  if (!(typeof timeout === "number" && timeout > 0 && timeout <= MAX_TIMEOUT)) {
    throw invalidOption(
      "timeout",
      timeout,
      `it must be a number of milliseconds above 0, at most ${MAX_TIMEOUT}`,
    );
  }
  if (!(Number.isSafeInteger(connections) && connections > 0)) {
    throw invalidOption("connections", connections, "it must be a whole number above 0");
  }
  if (!(typeof sweepInterval === "number" && sweepInterval >= 0 && sweepInterval <= MAX_INTERVAL)) {
    throw invalidOption(
      "sweepInterval",
      sweepInterval,
      `it must be a number of seconds from 0 to ${MAX_INTERVAL}`,
    );
  }
  if (synchronous !== "full" && synchronous !== "normal") {
    throw invalidOption("synchronous", synchronous, 'it must be "full" or "normal"');
  }
  if (typeof clock !== "function") throw invalidOption("clock", clock, "it must be a function");
  if (options.clock !== undefined && target.dialect !== "sqlite") {
    throw invalidOption("clock", clock, "on a server its own clock decides what has expired");
  }
  return {
    target,
    table: checkTable(target.dialect, options.table ?? DEFAULT_TABLE),
    timeout,
    connections,
    sweepInterval,
    synchronous,
    clock,
  };
}
