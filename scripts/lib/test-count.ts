import type { CommandResult } from "./command.ts";

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
}

/**
 * The counts in the summary that ends what `bun test` prints. Its JUnit report would be easier to read, but leaves
 * out the files that could not be loaded. A run that failed in any other way, or ran no test, is one failure.
 */
export function countTests({ ok, output }: CommandResult): TestCount {
  const passed = lastNumber(output, /^ *(\d+) pass$/gm);
  const failed = lastNumber(output, /^ *(\d+) fail$/gm);
  return { passed, failed: failed === 0 && !(ok && passed > 0) ? 1 : failed };
}

/** The last one, since a test may print lines that look the same. */
function lastNumber(text: string, pattern: RegExp): number {
  return Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);
}
