/** Removes expired rows from time to time. Never keeps the process alive between sweeps. */
export interface Sweeper {
  /** Sweeps now, and gives how many rows that removed. A call during a sweep waits for that one. */
  sweep(): Promise<number>;
  /** Once the batch that is under way has ended. */
  stop(): Promise<void>;
}

/** Rows of one batch: a few milliseconds' work, after which others get their turn. */
export const SWEEP_BATCH = 500;

/** `interval` in seconds; 0: only when told. `removeSome` removes up to so many, and gives how many those were. */
export function createSweeper(interval: number, removeSome: (limit: number) => Promise<number>): Sweeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<number> | undefined;
  let stopped = false;

  async function sweepAll(): Promise<number> {
    let removed = 0;
    while (!stopped) {
      const some = await removeSome(SWEEP_BATCH);
      removed += some;
      if (some < SWEEP_BATCH) break;
    }
    return removed;
  }

  async function sweep(): Promise<number> {
    running ??= sweepAll();
    try {
      return await running;
    } finally {
      running = undefined;
    }
  }

  function start(): void {
    if (interval === 0 || stopped) return;
    // Instances that were started together sweep one after the other.
    timer = setTimeout(sweepAndGoOn, interval * 1000 * (0.5 + Math.random()));
    timer.unref();
  }

  async function sweepAndGoOn(): Promise<void> {
    try {
      await sweep();
    } catch {
      // What is wrong with the database is told to those who ask for sessions; what was left is swept the next time.
    }
    start();
  }

  start();
  return {
    sweep,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running?.catch(() => {});
    },
  };
}
