import type { StoredSession } from "@ventostack/auth-core";
import {
  createMemorySessionStore,
  type MemorySessionStore,
  type MemorySessionStoreOptions,
} from "./memory-session-store.ts";

export interface Clocked {
  store: MemorySessionStore;
  advance(milliseconds: number): void;
  /** A record that lives for ten seconds. */
  record(id: string, fields?: Partial<StoredSession>): StoredSession;
}

/** A memory store whose clock stands still until it is told to move. */
export function clocked(options: MemorySessionStoreOptions = {}): Clocked {
  let now = 1_000_000;
  return {
    store: createMemorySessionStore({ clock: () => now, ...options }),
    advance: (milliseconds) => {
      now += milliseconds;
    },
    record: (id, fields = {}) => ({
      id,
      data: { of: id },
      createdAt: now,
      expiresAt: now + 10_000,
      revision: 1,
      version: 1,
      ...fields,
    }),
  };
}
