import { SessionError } from "@ventostack/auth-core";

/**
 * Whether the error says that the session's record cannot be read. Then the session counts as none: whoever has such a
 * record must be able to sign in again rather than be locked out.
 */
export function isUnreadable(error: unknown): boolean {
  return error instanceof SessionError && error.code === "CORRUPT_RECORD";
}
