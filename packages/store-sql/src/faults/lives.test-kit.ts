import type { StoredSession } from "@ventostack/auth-core";
import type { SqlSessionStore } from "../index.ts";

/** One session through all that can happen to it. */
export interface Life {
  readonly first: string;
  readonly second: string;
  readonly user: string;
  /** As it is written after so many updates. */
  at(id: string, revision: number): StoredSession;
}

export function lifeOf(name: string): Life {
  const user = `user of ${name}`;
  return {
    first: name,
    second: `${name}-moved`,
    user,
    at: (id, revision) => ({
      id,
      data: { revision, filling: "x".repeat(300) },
      userKey: user,
      expiresAt: 9_000_000_000_000,
      createdAt: 1_700_000_000_000,
      revision,
      version: 1,
    }),
  };
}

interface Step {
  act(store: SqlSessionStore, life: Life): unknown;
  /** Which record there is afterwards, as `id revision`. */
  leaves(life: Life): string;
}

export const STEPS: readonly Step[] = [
  {
    act: (store, { at, first }) => store.insert(at(first, 1)),
    leaves: ({ first }) => `${first} 1`,
  },
  {
    act: (store, { at, first }) => store.replace(first, at(first, 2), 1),
    leaves: ({ first }) => `${first} 2`,
  },
  {
    act: (store, { at, first, second }) => store.replace(first, at(second, 3), 2),
    leaves: ({ second }) => `${second} 3`,
  },
  {
    act: (store, { second }) => store.refresh(second, 3600),
    leaves: ({ second }) => `${second} 3`,
  },
  {
    act: (store, { user }) => store.deleteByUser(user),
    leaves: () => "",
  },
];
