/** A broken rule, where it is broken, and what to do about it. */
export interface Violation {
  readonly file: string;
  readonly line?: number | undefined;
  readonly message: string;
}

export function formatViolation({ file, line, message }: Violation): string {
  return line === undefined ? `${file} ${message}` : `${file}:${line} ${message}`;
}

/** Prints each violation on a line of its own; any of them makes the program fail. */
export function report(violations: readonly Violation[]): void {
  for (const violation of violations) console.error(formatViolation(violation));
  if (violations.length > 0) process.exitCode = 1;
}
