import { createMemorySessionStore } from "@ventostack/auth";

const memory = createMemorySessionStore();
export const failing = new Set<string>();
export const calls: string[] = [];

/** A call of the memory store, unless the method is to fail. */
function attempt<Answer>(method: string, call: () => Answer): Answer {
  calls.push(method);
  if (failing.has(method)) throw new Error("connection refused");
  return call();
}

export const store: typeof memory = {
  ...memory,
  size: 0,
  load: (key) => attempt("load", () => memory.load(key)),
  refresh: (key, ttl, whenBelow) => attempt("refresh", () => memory.refresh(key, ttl, whenBelow)),
  replace: (key, session, revision) => attempt("replace", () => memory.replace(key, session, revision)),
};
