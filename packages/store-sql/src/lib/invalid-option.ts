/** Names the option and the value. A `SessionError` by its name and code, which is what that class goes by: a store needs only the core's types. */
export function invalidOption(option: string, value: unknown, wanted: string): Error {
  const shown =
    typeof value === "string"
      ? JSON.stringify(value)
      : typeof value === "object" && value !== null
        ? "an object"
        : typeof value === "function"
          ? "a function"
          : String(value);
  return optionError(`The option ${option} is ${shown}; ${wanted}.`);
}

export function optionError(message: string): Error {
  return Object.assign(new Error(message), { name: "SessionError", code: "INVALID_OPTION" });
}
