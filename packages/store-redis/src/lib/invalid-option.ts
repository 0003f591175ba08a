/** A `SessionError` by its name and code, which is what that class goes by: a store needs only the core's types. */
export function invalidOption(option: string, value: unknown, wanted: string): Error {
  const shown =
    typeof value === "string"
      ? JSON.stringify(value)
      : typeof value === "object" && value !== null
        ? "an object"
        : typeof value === "function"
          ? "a function"
          : String(value);
  return Object.assign(new Error(`The option ${option} is ${shown}; ${wanted}.`), {
    name: "SessionError",
    code: "INVALID_OPTION",
  });
}
