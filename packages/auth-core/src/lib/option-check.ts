import { SessionError } from "./session-error.ts";

/** An `INVALID_OPTION` error that names the option and the value, and says what would do. */
export function invalidOption(option: string, value: unknown, wanted: string): SessionError {
  return new SessionError("INVALID_OPTION", `The option ${option} is ${show(value)}; ${wanted}.`);
}

/** The value, when it is a finite number above zero. */
export function positiveNumber(option: string, value: unknown, unit: string): number {
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return value;
  throw invalidOption(option, value, `it must be a number of ${unit} above 0`);
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "an array" : "an object";
}
