import { createRequire } from "node:module";
import type { CreateStore, StoreOptions } from "./context.ts";
import { sessionStoreCases } from "./session-store-cases.ts";
import type { Guarantee } from "./store-case.ts";

/** Milliseconds for one case on a busy machine; what ends a case that hangs. */
const TIMEOUT = 60_000;

/**
 * Registers every case with `bun:test`, to be run at the same time, and lists at the end what the store does not declare,
 * and how many cases that is about. To be called at the top of a test file.
 */
export function describeSessionStore(
  name: string,
  createStore: CreateStore,
  options: StoreOptions = {},
): void {
  // Not imported: other runtimes have no such module, and Bun only in a test.
  const { afterAll, describe, test } = createRequire(import.meta.url)(
    "bun:test",
  ) as typeof import("bun:test");
  const context = { ...options, createStore };
  const skipped = new Map<string, Guarantee[]>();

  describe(name, () => {
    for (const { name: caseName, guarantee, run } of sessionStoreCases) {
      const title = guarantee === "basic" ? caseName : `${guarantee} ${caseName}`;
      test.concurrent(
        title,
        async () => {
          const answer = await run(context);
          if (answer !== undefined)
            skipped.set(answer.skipped, [...(skipped.get(answer.skipped) ?? []), guarantee]);
        },
        TIMEOUT,
      );
    }
    afterAll(() => {
      for (const [reason, guarantees] of skipped) {
        const kinds = [...new Set(guarantees)].join(", ");
        const cases = guarantees.length === 1 ? "1 case" : `${guarantees.length} cases`;
        console.log(`${name}: ${cases} skipped (${kinds}), because ${reason}.`);
      }
    });
  });
}
