/**
 * Runs tasks one at a time per key, in the order they were asked for; tasks of different keys do not wait for each
 * other. Holds no more than one entry for each key that has a task running or waiting.
 */
export interface KeyedQueue {
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Keys with a task running or waiting. */
  readonly size: number;
}

export function createKeyedQueue(): KeyedQueue {
  const last = new Map<string, Promise<unknown>>();
  return {
    async run(key, task) {
      // A task that failed has told its own caller; the next one starts either way.
      const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
      last.set(key, turn);
      try {
        return await turn;
      } finally {
        if (last.get(key) === turn) last.delete(key);
      }
    },
    get size() {
      return last.size;
    },
  };
}
