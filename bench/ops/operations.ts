import type { SessionStore } from "../../packages/auth/src/index.ts";
import { dataOf, type Subject } from "./subject.ts";

/** Sessions of each user, for the operations on all of a user's sessions. */
export const SESSIONS_PER_USER = 5;

export interface Operation {
  readonly name: string;
  readonly base: "bareRead" | "bareWrite";
  /** Makes what so many steps work on: not measured. */
  prepare(subject: Subject, steps: number): Promise<(step: number) => unknown>;
}

async function signedIn({ manager }: Subject, count: number): Promise<string[]> {
  return inParts(count, async (index) => (await manager.create(dataOf(index))).id);
}

async function users({ manager }: Subject, count: number): Promise<string[]> {
  const run = Math.random().toString(36).slice(2);
  return inParts(count, async (index) => {
    const userId = `${run}-${index}`;
    for (let held = 0; held < SESSIONS_PER_USER; held++) await manager.create(dataOf(held, userId));
    return userId;
  });
}

/** At once, at most: the client's queue has an end. */
const PART = 200;

async function inParts(count: number, work: (index: number) => Promise<string>): Promise<string[]> {
  const results: string[] = [];
  for (let from = 0; from < count; from += PART) {
    const part = Array.from({ length: Math.min(PART, count - from) }, (_, index) => work(from + index));
    results.push(...(await Promise.all(part)));
  }
  return results;
}

const FEW = 1000;

/** The store by itself, without a manager's hash, limits and promises. */
function storeAlone(name: string, step: (store: SessionStore, key: string) => unknown): Operation {
  return {
    name,
    base: "bareRead",
    async prepare(subject, steps) {
      const ids = await signedIn(subject, Math.min(FEW, steps));
      const prefix = subject.name === "memory" ? "session:" : "";
      const keys = ids.map((id) => prefix + subject.manager.handleOf(id));
      return (at) => step(subject.store, keys[at % keys.length] ?? "");
    },
  };
}

/** On sessions that stay: a thousand of them, in turn. */
function repeated(
  name: string,
  base: Operation["base"],
  step: (subject: Subject, id: string, at: number) => unknown,
): Operation {
  return {
    name,
    base,
    async prepare(subject, steps) {
      const ids = await signedIn(subject, Math.min(FEW, steps));
      return (at) => step(subject, ids[at % ids.length] ?? "", at);
    },
  };
}

export const operations: readonly Operation[] = [
  {
    name: "create",
    base: "bareWrite",
    prepare: async ({ manager }) => {
      const run = Math.random().toString(36).slice(2);
      return (at) => manager.create(dataOf(at, `${run}-${at}`));
    },
  },
  storeAlone("store.load", (store, key) => store.load?.(key)),
  storeAlone("store.get", (store, key) => store.get(key)),
  repeated("get", "bareRead", ({ manager }, id) => manager.get(id)),
  repeated("refreshIfDue, not due", "bareRead", ({ manager }, id) => manager.refreshIfDue(id)),
  repeated("touch", "bareWrite", ({ manager }, id) => manager.touch(id)),
  repeated("update", "bareWrite", ({ manager }, id, at) => manager.update(id, { theme: `theme-${at}` })),
  {
    name: "destroy",
    base: "bareWrite",
    prepare: async (subject, steps) => {
      const ids = await signedIn(subject, steps);
      return (at) => subject.manager.destroy(ids[at] ?? "");
    },
  },
  {
    name: "regenerate",
    base: "bareWrite",
    prepare: async (subject, steps) => {
      const ids = await signedIn(subject, steps);
      return (at) => subject.manager.regenerate(ids[at] ?? "");
    },
  },
  {
    name: `listByUser, ${SESSIONS_PER_USER} sessions`,
    base: "bareRead",
    prepare: async (subject, steps) => {
      const ids = await users(subject, Math.min(FEW / SESSIONS_PER_USER, steps));
      return (at) => subject.manager.listByUser(ids[at % ids.length] ?? "");
    },
  },
  {
    name: `destroyByUser, ${SESSIONS_PER_USER} sessions`,
    base: "bareWrite",
    prepare: async (subject, steps) => {
      const ids = await users(subject, steps);
      return (at) => subject.manager.destroyByUser(ids[at] ?? "");
    },
  },
];
