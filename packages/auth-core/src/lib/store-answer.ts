import { isPromise } from "./is-promise.ts";
import { SessionError } from "./session-error.ts";
import type { Awaitable } from "./session-store.ts";

/** What the interface of a store knows as an answer, where anything else could be taken for one. */
const answers = {
  insert: { wanted: "true or false", is: (answer: unknown) => typeof answer === "boolean" },
  replace: {
    wanted: '"replaced", "changed" or "gone"',
    is: (answer: unknown) => answer === "replaced" || answer === "changed" || answer === "gone",
  },
  listByUser: { wanted: "a list", is: (answer: unknown) => Array.isArray(answer) },
  deleteByUser: {
    wanted: "a whole number from 0",
    is: (answer: unknown) => Number.isSafeInteger(answer) && Number(answer) >= 0,
  },
};

/** The store's answer, unless it is one that the interface does not know, such as nothing. */
export function checkAnswer<Answer>(method: keyof typeof answers, answer: Answer): Answer {
  const { wanted, is } = answers[method];
  if (is(answer)) return answer;
  throw new SessionError(
    "STORE_UNAVAILABLE",
    `The session store's ${method} answered something else than ${wanted}: what it did is unknown. Correct the store.`,
  );
}

/** {@link checkAnswer} for an answer that may be still to come. */
export function checkAwaitable<Answer>(
  method: keyof typeof answers,
  answer: Awaitable<Answer>,
): Awaitable<Answer> {
  return isPromise(answer) ? answer.then((given) => checkAnswer(method, given)) : checkAnswer(method, answer);
}
