import type { SessionStore } from "@ventostack/auth-core";
import { type Bench, openBench } from "./bench.ts";
import type { StoreContext } from "./context.ts";

/** The numbered guarantees of VentoStack Auth that a store takes part in; "basic" is what all of them stand on. */
export type Guarantee = "basic" | "G1" | "G2" | "G3" | "G4" | "G5" | "G6" | "G7" | "G8" | "G9" | "G10";

export type OptionalMethod =
  | "load"
  | "insert"
  | "replace"
  | "refresh"
  | "remove"
  | "listByUser"
  | "deleteByUser"
  | "close";

/**
 * What a case is about, beyond the four methods: a method of the store; `atomic`, which a store may declare that it is
 * not; or what the context offers: `steps` that the store calls, `connectAgain`, `sizeOf`, `time: "given"`.
 */
export type Need = OptionalMethod | "atomic" | "steps" | "connectAgain" | "sizeOf" | "given time";

/** Why the case does not concern the store: what it does not declare, or the context does not offer. */
export interface SkippedCase {
  readonly skipped: string;
}

export interface SessionStoreCase {
  readonly name: string;
  readonly guarantee: Guarantee;
  readonly needs: readonly Need[];
  /** Rejects, with an error that says what is wrong, when the store breaks the contract. */
  run(context: StoreContext): Promise<SkippedCase | undefined>;
}

export interface CaseDefinition<Needed extends Need> {
  readonly name: string;
  readonly guarantee: Guarantee;
  readonly needs: readonly Needed[];
  run(bench: Bench<Needed>): Promise<void>;
}

/** Opens a store, runs the case on it unless it lacks something, and closes it. */
export function defineCase<const Needed extends Need = never>({
  name,
  guarantee,
  needs,
  run,
}: CaseDefinition<Needed>): SessionStoreCase {
  return {
    name,
    guarantee,
    needs,
    async run(context) {
      const bench = await openBench<Needed>(context);
      try {
        const missing = await firstMissing(needs, bench, context);
        if (missing !== undefined) return { skipped: missing };
        await run(bench);
        return undefined;
      } finally {
        await bench.close();
      }
    },
  };
}

async function firstMissing(
  needs: readonly Need[],
  bench: Bench,
  context: StoreContext,
): Promise<string | undefined> {
  for (const need of needs) {
    const missing = await whyMissing(need, bench, context);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

async function whyMissing(need: Need, bench: Bench, context: StoreContext): Promise<string | undefined> {
  const { store } = bench;
  switch (need) {
    case "atomic":
      return store.capabilities?.atomic === false ? "the store declares that it is not atomic" : undefined;
    case "steps": {
      const before = bench.steps.count;
      await store.get("no session");
      return bench.steps.count === before ? "the store never calls setup.step" : undefined;
    }
    case "connectAgain":
      return context.connectAgain === undefined ? "the context has no connectAgain" : undefined;
    case "sizeOf":
      return context.sizeOf === undefined ? "the context has no sizeOf" : undefined;
    case "given time":
      return context.time === "given" ? undefined : "the store's time is real, and too long to wait for";
    default:
      return hasMethod(store, need) ? undefined : `the store has no method ${need}`;
  }
}

function hasMethod(store: SessionStore, name: OptionalMethod): boolean {
  return typeof store[name] === "function";
}
