import { createKeyedQueue } from "./keyed-queue.ts";
import { type OnFailure, tookTooLong } from "./store-trip.ts";

/**
 * Runs the task when those of the same key that were asked for before have ended. A turn that comes later than the time
 * limit is given up with `STORE_TIMEOUT`, so that no caller waits for all those before it.
 */
export type Turns = <Result>(key: string, method: string, task: () => Promise<Result>) => Promise<Result>;

/** `timeout` in milliseconds. */
export function createTurns(timeout: number, onFailure: OnFailure): Turns {
  const queue = createKeyedQueue();
  return (key, method, task) => {
    const askedAt = performance.now();
    return queue.run(key, async () => {
      if (performance.now() - askedAt > timeout) {
        onFailure("STORE_TIMEOUT", method, key);
        throw tookTooLong(method, timeout);
      }
      return task();
    });
  };
}
