import { createDeadlines, type Deadline } from "./deadlines.ts";
import { isPromise } from "./is-promise.ts";
import { errorCode, SessionError, type SessionErrorCode } from "./session-error.ts";
import type { Awaitable } from "./session-store.ts";

/**
 * Calls the store: within the time limit, which `onTrip` starts anew, and with any fault as a `SessionError`. `subject`
 * is the key, or the user's key, that it is asked for; `accept` makes the result of the answer, or refuses it.
 */
export interface StoreTrip {
  <Answer, Result>(
    method: string,
    subject: string,
    call: (onTrip: () => void) => Awaitable<Answer>,
    accept: (answer: Answer, subject: string) => Result,
  ): Awaitable<Result>;
  /** For a call that takes the subject alone. Nothing is made for it where the answer is there at once. */
  direct<Answer, Result>(
    method: string,
    subject: string,
    call: (subject: string) => Awaitable<Answer>,
    accept: (answer: Answer, subject: string) => Result,
  ): Awaitable<Result>;
}

/** Told of each fault, once. */
export type OnFailure = (code: SessionErrorCode, method: string, subject: string) => void;

/** `timeout` in milliseconds. An answer that is there at once costs no deadline and no wait. */
export function createStoreTrip(timeout: number, onFailure: OnFailure): StoreTrip {
  const deadlines = createDeadlines(timeout);

  function failed(method: string, subject: string, error: unknown): SessionError {
    const failure = toSessionError(method, error);
    onFailure(failure.code, method, subject);
    return failure;
  }

  function waitFor<Answer, Result>(
    method: string,
    subject: string,
    answer: Promise<Answer>,
    accept: (answer: Answer, subject: string) => Result,
    onBegin?: (deadline: Deadline) => void,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => reject(failed(method, subject, error));
      const deadline = deadlines.begin(() => fail(tookTooLong(method, timeout)));
      onBegin?.(deadline);
      // By way of Promise.resolve: what is no promise of the platform's may throw in its `then`. What the call does
      // after its time goes unseen, so that a late rejection is no unhandled one.
      Promise.resolve(answer).then(
        (value) => {
          if (deadline.isOver) return;
          deadlines.end(deadline);
          try {
            resolve(accept(value, subject));
          } catch (error) {
            fail(error);
          }
        },
        (error: unknown) => {
          if (deadline.isOver) return;
          deadlines.end(deadline);
          fail(error);
        },
      );
    });
  }

  function make<Answer, Result>(
    method: string,
    subject: string,
    call: (subject: string) => Awaitable<Answer>,
    accept: (answer: Answer, subject: string) => Result,
    onBegin?: (deadline: Deadline) => void,
  ): Awaitable<Result> {
    try {
      const answer = call(subject);
      return isPromise(answer) ? waitFor(method, subject, answer, accept, onBegin) : accept(answer, subject);
    } catch (error) {
      throw failed(method, subject, error);
    }
  }

  const trip: StoreTrip = (method, subject, call, accept) => {
    let deadline: Deadline | undefined;
    const callInTrips = () => call(() => deadline && deadlines.restart(deadline));
    return make(method, subject, callInTrips, accept, (begun) => {
      deadline = begun;
    });
  };
  trip.direct = make;
  return trip;
}

/** For a trip whose answer is nothing. */
export function nothing(): void {}

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
