import { setTimeout } from "node:timers/promises";
import { isPromise } from "./is-promise.ts";
import { SessionError } from "./session-error.ts";
import type { Awaitable, ReplaceOutcome, StoredSession } from "./session-store.ts";
import type { Change } from "./store-access.ts";
import type { Turns } from "./turns.ts";

/** How often a change is tried before the other writers are said to leave no chance. */
const MAX_ATTEMPTS = 100;
/** The longest pause between two attempts, in milliseconds. */
const MAX_PAUSE = 25;

/** The two steps of a store that a change is made of. */
export interface CompareAndSetSteps {
  load(key: string): Awaitable<StoredSession | null>;
  replace(key: string, session: StoredSession, revision: number): Awaitable<ReplaceOutcome>;
  /** Told when the session ended between the two. */
  gone(key: string): void;
}

/**
 * Reads, changes and writes a record, again where another writer came first. `null` when there is no live one. Rejects
 * with `CONFLICT` when that never ends.
 */
export function createCompareAndSet(
  { load, replace, gone }: CompareAndSetSteps,
  inTurn: Turns,
): (key: string, change: Change) => Promise<StoredSession | null> {
  /** Writers of one process need not get in each other's way; where every step answers at once they cannot. */
  let answersLater = false;

  async function attempt(key: string, change: Change): Promise<StoredSession | null | "changed"> {
    const loaded = load(key);
    answersLater ||= isPromise(loaded);
    const found = isPromise(loaded) ? await loaded : loaded;
    if (found === null) return null;
    const made = change(found);
    answersLater ||= isPromise(made);
    const next: StoredSession = isPromise(made) ? await made : made;
    const changed = { ...next, revision: found.revision + 1 };
    const replaced = replace(key, changed, found.revision);
    const outcome = isPromise(replaced) ? await replaced : replaced;
    if (outcome === "gone") {
      gone(key);
      return null;
    }
    return outcome === "replaced" ? changed : "changed";
  }

  return async (key, change) => {
    for (let count = 1; count <= MAX_ATTEMPTS; count++) {
      const outcome = await (answersLater
        ? inTurn(key, "update", () => attempt(key, change))
        : attempt(key, change));
      if (outcome !== "changed") return outcome;
      // Writers that met once would meet again if they all came back at the same moment.
      await setTimeout(Math.random() * Math.min(MAX_PAUSE, 2 ** count));
    }
    throw new SessionError(
      "CONFLICT",
      `The session was changed by others ${MAX_ATTEMPTS} times while this change was being written. ` +
        "Nothing was written: write less often to one session, or try again later.",
    );
  };
}
