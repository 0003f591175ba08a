import type { SessionStore } from "@ventostack/auth-core";
import type { TakeTurn } from "./run-program.ts";

/** The same store with each call of a method a step: for one that does all of a call's work at once. */
export function stepping(inner: SessionStore, takeTurn: TakeTurn): SessionStore {
  const store: Record<string, unknown> = {};
  for (const [method, implementation] of Object.entries(inner)) {
    if (typeof implementation !== "function") continue;
    store[method] = (...args: unknown[]) => takeTurn(async () => implementation.apply(inner, args));
  }
  return store as unknown as SessionStore;
}
