/**
 * Runs the task for a key, one run at a time. Who asks while one is under way gets the run after it, together with all
 * others who ask until then: each gets a run that began after the call, and many at once cost two runs.
 */
export function createSharedRuns<Result>(
  task: (key: string) => Promise<Result>,
): (key: string) => Promise<Result> {
  const running = new Map<string, Promise<Result>>();
  const waiting = new Map<string, Promise<Result>>();

  async function start(key: string): Promise<Result> {
    const run = task(key);
    running.set(key, run);
    try {
      return await run;
    } finally {
      running.delete(key);
    }
  }

  return (key) => {
    const joined = waiting.get(key);
    if (joined !== undefined) return joined;
    const before = running.get(key);
    if (before === undefined) return start(key);
    const next = Promise.allSettled([before]).then(() => {
      waiting.delete(key);
      return start(key);
    });
    waiting.set(key, next);
    return next;
  };
}
