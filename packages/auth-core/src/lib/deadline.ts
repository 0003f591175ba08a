import type { Awaitable } from "./session-store.ts";

/**
 * The promise, or a rejection with `onTimeout()` when it is not settled within `milliseconds`. What it does after
 * that goes unseen, so a late rejection is no unhandled one. `onTimer` is given the timer, whose `refresh` starts the
 * time anew.
 */
export function withDeadline<Value>(
  promise: PromiseLike<Value>,
  milliseconds: number,
  onTimeout: () => Error,
  onTimer?: (timer: ReturnType<typeof setTimeout>) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(onTimeout()), milliseconds);
    onTimer?.(timer);
    // By way of Promise.resolve: what is no promise of the platform's may throw in its `then`.
    Promise.resolve(promise)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}

export function isPromise<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
