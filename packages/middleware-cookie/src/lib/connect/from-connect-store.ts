import type { Session, SessionStore, StoredSession } from "@ventostack/auth-core";
import { type ConnectStore, promised } from "./connect-store.ts";

export interface FromConnectStoreOptions {
  /** The current time in milliseconds since the epoch. Default `Date.now`. */
  clock?: () => number;
}

/** Where the session's record is among the fields of what the store takes for an express-session. */
const FIELD = "ventostack";

/**
 * Any store of express-session's as one of ours, with the four documented methods and no more: such a store can neither
 * compare before it writes nor find the sessions of a user, and `capabilities` says so. Within one process the manager keeps
 * its promises all the same; between processes a late write may bring back what another has ended.
 *
 * To keep what there is, not to share it: sessions that express-session made are not found through it.
 */
export function fromConnectStore(store: ConnectStore, options: FromConnectStoreOptions = {}): SessionStore {
  const { clock = Date.now } = options;
  const inner = promised(store);

  async function get(id: string): Promise<StoredSession | null> {
    const found = await inner.get(id);
    if (found === null) return null;
    const record = FIELD in found ? found[FIELD] : undefined;
    if (typeof record !== "object" || record === null) {
      const message = "A record of the express-session store is none of a session manager's.";
      throw Object.assign(new Error(message), { code: "CORRUPT_RECORD" });
    }
    const session = { ...record, id } as StoredSession;
    // The store's own sweep may be late.
    return session.expiresAt <= clock() ? null : session;
  }

  async function set({ id, ...record }: Session): Promise<void> {
    const maxAge = record.expiresAt - clock();
    const expires = new Date(record.expiresAt);
    // Some stores go by one of these, some by another.
    const cookie = { originalMaxAge: maxAge, maxAge, expires, httpOnly: true, path: "/" };
    await inner.set(id, { cookie, [FIELD]: record } as Parameters<typeof inner.set>[1]);
  }

  return {
    capabilities: { atomic: false, byUser: false },
    get,
    set,
    delete: inner.destroy,

    async touch(id, ttl) {
      const found = await get(id);
      if (found === null) return;
      // Not by the store's own `touch`: many move the end in the store without a trace in the record, and `get` could
      // not say when that is.
      const expiresAt = Math.min(clock() + ttl * 1000, found.absoluteExpiresAt ?? Number.POSITIVE_INFINITY);
      if (expiresAt > found.expiresAt) await set({ ...found, expiresAt } as Session);
    },
  };
}
