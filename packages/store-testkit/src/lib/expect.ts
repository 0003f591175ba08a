import { AssertionError } from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";

/** Characters of a value that a message shows: enough to see what is wrong, and no megabyte of data. */
const SHOWN = 400;

/** `what` is the sentence's subject: "what get gives". */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw broken(`${what} has to be ${show(expected)}, and is ${show(actual)}.`, actual, expected);
}

export function expectTrue(condition: boolean, message: string): asserts condition {
  if (!condition) throw broken(message);
}

export function broken(message: string, actual?: unknown, expected?: unknown): AssertionError {
  return new AssertionError({ message, actual, expected });
}

function show(value: unknown): string {
  const text = inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY });
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`;
}
