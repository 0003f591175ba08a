import { SessionError } from "./session-error.ts";

/** An `INVALID_OPTION` error that names the option and the value, and says what would do. */
export function invalidOption(option: string, value: unknown, wanted: string): SessionError {
  return new SessionError("INVALID_OPTION", `The option ${option} is ${show(value)}; ${wanted}.`);
}

/** Throws `INVALID_OPTION` on an option that is none: a misspelt one would be ignored in silence. */
export function checkOptionNames(options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  throw new SessionError(
    "INVALID_OPTION",
    `There is no option ${unknown}; ${meant === undefined ? `the options are ${known.join(", ")}.` : `did you mean ${meant}?`}`,
  );
}

/** The value, when it is a finite number above zero. */
export function positiveNumber(option: string, value: unknown, unit: string): number {
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return value;
  throw invalidOption(option, value, `it must be a number of ${unit} above 0`);
}

/** A millisecond, below which a session would be dead as it is made. */
const MIN_LIFETIME = 0.001;
/** A hundred years. Times beyond are no times any more: sums with them lose their milliseconds, and then their end. */
const MAX_LIFETIME = 100 * 365 * 24 * 60 * 60;

/** The value, when it is a number of seconds that a session can live. */
export function lifetime(option: string, value: unknown): number {
  if (typeof value === "number" && value >= MIN_LIFETIME && value <= MAX_LIFETIME) return value;
  throw invalidOption(
    option,
    value,
    `it must be a number of seconds from ${MIN_LIFETIME} to ${MAX_LIFETIME} (100 years)`,
  );
}

/** A user id as a caller passed it in. Anything else would name nobody, and be taken for a user without sessions. */
export function checkUserId(userId: unknown): asserts userId is string {
  if (typeof userId === "string" && userId !== "") return;
  throw new SessionError("INVALID_OPTION", `The userId is ${show(userId)}; it must be a non-empty string.`);
}

/** An age in seconds that a caller asks for. `NaN` would make everything stale, or fresh, by chance. */
export function checkMaxAge(seconds: unknown): void {
  if (typeof seconds === "number" && seconds >= 0 && Number.isFinite(seconds)) return;
  throw invalidOption("maxAgeSeconds", seconds, "it must be a number of seconds from 0");
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "an array" : "an object";
}

/** The name that was probably meant: the one fewest letters away, and no more than every third. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const [best] = known
    .map((candidate) => ({ candidate, edits: editsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((one, other) => one.edits - other.edits);
  return best?.candidate;
}

/** Letters to insert, remove or replace until one text is the other (Levenshtein). */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, wanted] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
