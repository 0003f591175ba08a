import { isPromise, withDeadline } from "./deadline.ts";
import { errorCode, SessionError } from "./session-error.ts";
import type { Awaitable } from "./session-store.ts";

/** Calls the store once: within the time limit, and with any fault as a `SessionError`. */
export type StoreTrip = <Answer>(method: string, call: () => Awaitable<Answer>) => Awaitable<Answer>;

/** `timeout` in milliseconds. An answer that is there at once costs no timer and no wait. */
export function createStoreTrip(timeout: number): StoreTrip {
  return (method, call) => {
    try {
      const answer = call();
      if (!isPromise(answer)) return answer;
      return withDeadline(answer, timeout, () => tookTooLong(method, timeout)).catch((error: unknown) => {
        throw toSessionError(method, error);
      });
    } catch (error) {
      throw toSessionError(method, error);
    }
  };
}

export function tookTooLong(method: string, timeout: number): SessionError {
  return new SessionError(
    "STORE_TIMEOUT",
    `The session store did not finish ${method} within ${timeout} ms (option storeTimeout). ` +
      "The session may exist, and a write may have happened: try again later.",
  );
}

/** What the store says of itself is in the cause alone: its message may name keys and hosts. */
function toSessionError(method: string, error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  return new SessionError(
    errorCode(error) ?? "STORE_UNAVAILABLE",
    `The session store failed in ${method}; its error is the cause of this one. The session may exist: try again later.`,
    { cause: error },
  );
}
