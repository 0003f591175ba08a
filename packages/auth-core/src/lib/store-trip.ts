import { createDeadlines, type Deadline } from "./deadlines.ts";
import { isPromise } from "./is-promise.ts";
import { errorCode, SessionError, type SessionErrorCode } from "./session-error.ts";
import type { Awaitable } from "./session-store.ts";

/**
 * Calls the store: within the time limit, which `onTrip` starts anew, and with any fault as a `SessionError`.
 */
export type StoreTrip = <Answer>(
  method: string,
  call: (onTrip: () => void) => Awaitable<Answer>,
) => Awaitable<Answer>;

/** `timeout` in milliseconds. An answer that is there at once costs no deadline and no wait. */
export function createStoreTrip(timeout: number): StoreTrip {
  const deadlines = createDeadlines(timeout);
  return (method, call) => {
    let deadline: Deadline | undefined;
    try {
      const answer = call(() => deadline && deadlines.restart(deadline));
      if (!isPromise(answer)) return answer;
      return new Promise((resolve, reject) => {
        // What the call does after that goes unseen, so that a late rejection is no unhandled one.
        const started = deadlines.begin(() => reject(tookTooLong(method, timeout)));
        deadline = started;
        // By way of Promise.resolve: what is no promise of the platform's may throw in its `then`.
        Promise.resolve(answer).then(
          (value) => {
            deadlines.end(started);
            resolve(value);
          },
          (error: unknown) => {
            deadlines.end(started);
            reject(toSessionError(method, error));
          },
        );
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

/** What passes by itself, so that trying again later helps. */
const passing: readonly SessionErrorCode[] = ["STORE_UNAVAILABLE", "STORE_TIMEOUT", "CONFLICT"];

/** What the store says of itself is in the cause alone: its message may name keys and hosts. */
function toSessionError(method: string, error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  const code = errorCode(error) ?? "STORE_UNAVAILABLE";
  const advice = passing.includes(code) ? " The session may exist: try again later." : "";
  const message = `The session store failed in ${method}; its error is the cause of this one.${advice}`;
  return new SessionError(code, message, { cause: error });
}
