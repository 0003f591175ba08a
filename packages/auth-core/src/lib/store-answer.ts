import { SessionError } from "./session-error.ts";

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

/** Gives the store's answer, unless it is one that the interface does not know, such as nothing. */
export function checked(method: keyof typeof answers): <Answer>(answer: Answer) => Answer {
  const { wanted, is } = answers[method];
  return (answer) => {
    if (is(answer)) return answer;
    throw new SessionError(
      "STORE_UNAVAILABLE",
      `The session store's ${method} answered something else than ${wanted}: what it did is unknown. Correct the store.`,
    );
  };
}
