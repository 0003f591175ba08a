import type { Awaitable } from "./session-store.ts";

/**
 * The promise, or a rejection with `onTimeout()` when it is not settled within `milliseconds`. What it does after
 * that goes unseen, so a late rejection is no unhandled one.
 */
export function withDeadline<Value>(
  promise: PromiseLike<Value>,
  milliseconds: number,
  onTimeout: () => Error,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(onTimeout()), milliseconds);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

export function isPromise<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
