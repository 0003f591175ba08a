import { isBelow, isExpired, touchedExpiry, touchSeconds } from "./expiry.ts";
import type { Session } from "./session.ts";
import { errorCode } from "./session-error.ts";
import type { DeleteByUserOptions, Refreshed, SessionStore, StoredSession } from "./session-store.ts";
import type { Change, StoreAccess, StoreAccessOptions } from "./store-access.ts";
import { checked } from "./store-answer.ts";
import { nothing, type StoreTrip } from "./store-trip.ts";
import { toStoredSession } from "./stored-session.ts";
import type { Turns } from "./turns.ts";

/** What four methods can carry. */
export interface PlainSteps
  extends Pick<StoreAccess, "insert" | "touch" | "refresh" | "change" | "remove" | "removeByUser"> {
  load(key: string): Promise<StoredSession | null>;
  find(key: string): Promise<StoredSession | null>;
  /** `remove` that waits for nobody's turn. */
  end(key: string, tell: boolean): Promise<StoredSession | null>;
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
  const { ttl, absoluteTtl, clock, events } = options;
  const removeRecord = store.remove?.bind(store);

  function live(found: Session | null, key: string): StoredSession | null {
    if (!found) return null;
    const session = toStoredSession(key, found);
    if (!isExpired(session, clock())) return session;
    events.emit("expired", key, session.userKey);
    return null;
  }

  function liveOrAbsent(found: Session | null, key: string): StoredSession | null {
    if (!found) events.emit("denied", key, undefined, "unknown");
    return live(found, key);
  }

  async function load(key: string): Promise<StoredSession | null> {
    return trip("get", key, () => store.get(key), liveOrAbsent);
  }

  async function find(key: string): Promise<StoredSession | null> {
    return trip("get", key, () => store.get(key), live);
  }

  async function write(session: StoredSession): Promise<void> {
    // The store may keep, or change, the very object that it is given.
    const copy = { ...session, data: structuredClone(session.data) };
    await trip("set", session.id, () => store.set(copy), nothing);
  }

  async function remove(key: string): Promise<void> {
    await trip("delete", key, () => store.delete(key), nothing);
  }

  /** One that cannot be read is no session to anyone: it keeps itself from being removed as little as it keeps others. */
  async function unlessUnreadable(key: string): Promise<StoredSession | null> {
    try {
      return await find(key);
    } catch (error) {
      if (errorCode(error) !== "CORRUPT_RECORD") throw error;
      return null;
    }
  }

  async function end(key: string, tell: boolean): Promise<StoredSession | null> {
    if (tell && removeRecord !== undefined) {
      return trip("remove", key, () => removeRecord(key), endedIfLive);
    }
    const found = tell ? await unlessUnreadable(key) : null;
    await remove(key);
    return found;
  }

  function endedIfLive(ended: StoredSession | null): StoredSession | null {
    return ended && !isExpired(ended, clock()) ? ended : null;
  }

  async function refresh(key: string, whenBelow?: number): Promise<Refreshed<StoredSession> | null> {
    const found = await load(key);
    if (found === null) return null;
    const now = clock();
    const seconds = touchSeconds(found, now, ttl);
    const expiresAt = touchedExpiry(found, now, seconds);
    if (expiresAt === found.expiresAt || !isBelow(found, now, whenBelow)) {
      return { session: found, extended: false };
    }
    await trip("touch", key, () => store.touch(key, seconds), nothing);
    return { session: { ...found, expiresAt }, extended: true };
  }

  async function touch(key: string): Promise<void> {
    if (absoluteTtl === undefined) await trip("touch", key, () => store.touch(key, ttl), nothing);
    else await refresh(key);
  }

  async function change(key: string, make: Change): Promise<StoredSession | null> {
    const found = await load(key);
    if (found === null) return null;
    const changed = await make(found);
    await write(changed);
    if (changed.id !== key) await remove(key);
    return changed;
  }

  async function keysOfUser(userKey: string): Promise<string[]> {
    const listRecords = store.listByUser?.bind(store);
    if (listRecords === undefined) return [];
    const call = (onTrip: () => void) => listRecords(userKey, { onTrip });
    const listed = await trip("listByUser", userKey, call, checked("listByUser"));
    return listed.map(({ id }) => id);
  }

  /** One after the other, each in its turn, so that no change which has read one of them writes it back. */
  async function removeByUser(userKey: string, deleteOptions: DeleteByUserOptions): Promise<number> {
    let ended = 0;
    for (const key of await keysOfUser(userKey)) {
      if (key === deleteOptions.except) continue;
      ended += await inTurn(key, "delete", async () => {
        const found = await unlessUnreadable(key);
        if (found?.userKey !== userKey) return 0;
        await remove(key);
        deleteOptions.onEnded?.(key);
        return 1;
      });
    }
    const deleteRecords = store.deleteByUser?.bind(store);
    if (deleteRecords === undefined) return ended;
    // What the list did not show, and the store's own account of the user.
    const call = (onTrip: () => void) => deleteRecords(userKey, { ...deleteOptions, onTrip });
    return ended + (await trip("deleteByUser", userKey, call, checked("deleteByUser")));
  }

  return {
    load,
    find,
    end,
    removeByUser,
    insert: async (session) => {
      await write(session);
      return true;
    },
    refresh: (key, whenBelow) => inTurn(key, "refresh", () => refresh(key, whenBelow)),
    touch: (key) => inTurn(key, "touch", () => touch(key)),
    change: (key, make) => inTurn(key, "update", () => change(key, make)),
    remove: (key, tell) => inTurn(key, "delete", () => end(key, tell)),
  };
}
