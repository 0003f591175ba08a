import { isPromise } from "./is-promise.ts";
import type { Awaitable } from "./session-store.ts";

/** What `next` makes of the value: at once where the value is there, so that nobody waits who need not. */
export function andThen<Value, Result>(
  value: Awaitable<Value>,
  next: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  // What others give may be a promise by its `then` alone, of which nothing can be expected.
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value);
}
