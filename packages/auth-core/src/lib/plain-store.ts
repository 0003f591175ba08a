import { isBelow, isExpired, touchedExpiry, touchSeconds } from "./expiry.ts";
import type { DeleteByUserOptions, Refreshed, SessionStore, StoredSession } from "./session-store.ts";
import type { Change, StoreAccess, StoreAccessOptions } from "./store-access.ts";
import { checkAnswer } from "./store-answer.ts";
import type { StoreTrip } from "./store-trip.ts";
import { toStoredSession } from "./stored-session.ts";
import type { Turns } from "./turns.ts";

/** What four methods can carry. */
export interface PlainSteps
  extends Pick<StoreAccess, "insert" | "touch" | "refresh" | "change" | "removeByUser"> {
  read(key: string): Promise<StoredSession | null>;
  remove(key: string): Promise<void>;
}

/**
 * The manager's operations on a store that has only the four methods. What takes more than one trip is kept from
 * interleaving within this process; between processes only a store with the further methods can do that.
 */
export function createPlainSteps(
  store: SessionStore,
  options: StoreAccessOptions,
  trip: StoreTrip,
  inTurn: Turns,
): PlainSteps {
  const { ttl, absoluteTtl, clock } = options;

  async function read(key: string): Promise<StoredSession | null> {
    const found = await trip("get", () => store.get(key));
    if (!found) return null;
    const session = toStoredSession(key, found);
    return isExpired(session, clock()) ? null : session;
  }

  async function write(session: StoredSession): Promise<void> {
    // The store may keep, or change, the very object that it is given.
    const copy = { ...session, data: structuredClone(session.data) };
    await trip("set", () => store.set(copy));
  }

  async function remove(key: string): Promise<void> {
    await trip("delete", () => store.delete(key));
  }

  async function refresh(key: string, whenBelow?: number): Promise<Refreshed<StoredSession> | null> {
    const found = await read(key);
    if (found === null) return null;
    const now = clock();
    const seconds = touchSeconds(found, now, ttl);
    const expiresAt = touchedExpiry(found, now, seconds);
    if (expiresAt === found.expiresAt || !isBelow(found, now, whenBelow)) {
      return { session: found, extended: false };
    }
    await trip("touch", () => store.touch(key, seconds));
    return { session: { ...found, expiresAt }, extended: true };
  }

  async function touch(key: string): Promise<void> {
    if (absoluteTtl === undefined) await trip("touch", () => store.touch(key, ttl));
    else await refresh(key);
  }

  async function change(key: string, make: Change): Promise<StoredSession | null> {
    const found = await read(key);
    if (found === null) return null;
    const changed = make(found);
    await write(changed);
    if (changed.id !== key) await remove(key);
    return changed;
  }

  async function keysOfUser(userKey: string): Promise<string[]> {
    const listRecords = store.listByUser?.bind(store);
    if (listRecords === undefined) return [];
    const listed = await trip("listByUser", (onTrip) => listRecords(userKey, { onTrip }));
    return checkAnswer("listByUser", listed).map(({ id }) => id);
  }

  /** One after the other, each in its turn, so that no change which has read one of them writes it back. */
  async function removeByUser(userKey: string, deleteOptions: DeleteByUserOptions): Promise<number> {
    let ended = 0;
    for (const key of await keysOfUser(userKey)) {
      if (key === deleteOptions.except) continue;
      ended += await inTurn(key, "delete", async () => {
        const found = await read(key);
        if (found?.userKey !== userKey) return 0;
        await remove(key);
        deleteOptions.onEnded?.(key);
        return 1;
      });
    }
    const deleteRecords = store.deleteByUser?.bind(store);
    if (deleteRecords === undefined) return ended;
    // What the list did not show, and the store's own account of the user.
    const others = await trip("deleteByUser", (onTrip) =>
      deleteRecords(userKey, { ...deleteOptions, onTrip }),
    );
    return ended + checkAnswer("deleteByUser", others);
  }

  return {
    read,
    removeByUser,
    insert: async (session) => {
      await write(session);
      return true;
    },
    refresh: (key, whenBelow) => inTurn(key, "refresh", () => refresh(key, whenBelow)),
    touch: (key) => inTurn(key, "touch", () => touch(key)),
    change: (key, make) => inTurn(key, "update", () => change(key, make)),
    remove: (key) => inTurn(key, "delete", () => remove(key)),
  };
}
