/**
 * - `"ok"`: looked at, and as it should be.
 * - `"note"`: good to know; nothing has to be done.
 * - `"warning"`: works, but something is lost or weaker than it could be.
 * - `"error"`: users are or will be signed out, locked out, or not signed out when they should be.
 */
export type Level = "ok" | "note" | "warning" | "error";

/** What one check saw. */
export interface Finding {
  /** A stable name, for programs. */
  readonly check: string;
  readonly level: Level;
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

export const ok = (check: string, message: string): Finding => ({ check, level: "ok", message });

const fault =
  (level: Level) =>
  (check: string, message: string, advice?: string): Finding => ({
    check,
    level,
    message,
    ...(advice !== undefined && { advice }),
  });

export const note = fault("note");
export const warning = fault("warning");
export const error = fault("error");
