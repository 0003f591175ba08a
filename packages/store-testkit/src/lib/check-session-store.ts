import type { StoreContext } from "./context.ts";
import { sessionStoreCases } from "./session-store-cases.ts";
import type { Guarantee, SessionStoreCase } from "./store-case.ts";

/** What one case found out about a store. */
export type CaseResult = { readonly name: string; readonly guarantee: Guarantee } & (
  | { readonly outcome: "kept" }
  | { readonly outcome: "broken"; readonly error: unknown }
  | { readonly outcome: "skipped"; readonly reason: string }
);

/** Cases at once: enough that those which wait do so together. */
const AT_ONCE = 20;

/** Runs every case, or those given, and reports on each. For runners of one's own; it rejects for no broken case. */
export async function checkSessionStore(
  context: StoreContext,
  cases: readonly SessionStoreCase[] = sessionStoreCases,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const waiting = cases.entries();
  const work = async (): Promise<void> => {
    for (const [at, storeCase] of waiting) results[at] = await runCase(storeCase, context);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function runCase(
  { name, guarantee, run }: SessionStoreCase,
  context: StoreContext,
): Promise<CaseResult> {
  try {
    const skipped = await run(context);
    if (skipped === undefined) return { name, guarantee, outcome: "kept" };
    return { name, guarantee, outcome: "skipped", reason: skipped.skipped };
  } catch (error) {
    return { name, guarantee, outcome: "broken", error };
  }
}
