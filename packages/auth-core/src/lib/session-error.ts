/**
 * - `STORE_UNAVAILABLE`: the store rejected the call. The session may well exist: try again later.
 * - `STORE_TIMEOUT`: the store gave no answer in time. A write may or may not have happened.
 * - `CORRUPT_RECORD`: the record cannot be read. It stays where it is.
 * - `INVALID_DATA`: the data is not JSON. Nothing was written.
 * - `INVALID_OPTION`: an option's value makes no sense.
 * - `CONFLICT`: other writers kept changing the session. Nothing was written.
 * - `LIMIT_REACHED`: the user has as many sessions as allowed.
 * - `UNSUPPORTED`: the store cannot do this.
 */
export type SessionErrorCode = (typeof codes)[number];

const codes = [
  "STORE_UNAVAILABLE",
  "STORE_TIMEOUT",
  "CORRUPT_RECORD",
  "INVALID_DATA",
  "INVALID_OPTION",
  "CONFLICT",
  "LIMIT_REACHED",
  "UNSUPPORTED",
] as const;

/** The one error that sessions throw. `code` is stable; the message is for people; neither holds a session id. */
export class SessionError extends Error {
  static {
    // On the prototype, so that it is not printed beside the code of every error.
    SessionError.prototype.name = "SessionError";
  }

  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /**
   * By name and code, not by identity: stores do not import this class, and an application may well have two
   * copies of this package. Either way `error instanceof SessionError` says what its reader means.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this method and means itself
    if (this !== SessionError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof Error && value.name === "SessionError" && errorCode(value) !== undefined;
  }
}

/** The error's code where it is one of ours, whatever class it has. */
export function errorCode(error: unknown): SessionErrorCode | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return codes.find((known) => known === code);
}
