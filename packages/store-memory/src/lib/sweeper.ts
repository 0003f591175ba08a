import { setImmediate } from "node:timers/promises";
import type { EntryTable } from "./entry-table.ts";

/** Removes expired entries from time to time, while there are entries. Never keeps the process alive between sweeps. */
export interface Sweeper {
  /** To be called when an entry was added. */
  start(): void;
  stop(): void;
  /** Sweeps the whole table, and gives how many entries that removed. A call during a sweep waits for that one. */
  sweep(): Promise<number>;
}

/** Milliseconds of work before other work is let in. */
const SLICE = 2;

/** `interval` in seconds. */
export function createSweeper(table: EntryTable, interval: number, clock: () => number): Sweeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<number> | undefined;
  let stopped = false;

  async function sweepParts(): Promise<number> {
    let removed = 0;
    let sliceEndsAt = performance.now() + SLICE;
    for (removed of table.sweep(clock)) {
      if (stopped) break;
      if (performance.now() < sliceEndsAt) continue;
      await setImmediate();
      sliceEndsAt = performance.now() + SLICE;
    }
    return removed;
  }

  async function sweep(): Promise<number> {
    running ??= sweepParts();
    try {
      return await running;
    } finally {
      running = undefined;
    }
  }

  function start(): void {
    if (timer !== undefined || stopped) return;
    timer = setTimeout(async () => {
      await sweep();
      timer = undefined;
      if (table.size > 0) start();
    }, interval * 1000);
    timer.unref();
  }

  return {
    start,
    sweep,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
