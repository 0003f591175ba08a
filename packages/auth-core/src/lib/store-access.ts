import { createCompareAndSet } from "./compare-and-set.ts";
import { isExpired } from "./expiry.ts";
import { createPlainSteps } from "./plain-store.ts";
import { errorCode, SessionError, type SessionErrorCode } from "./session-error.ts";
import type { SessionEvents } from "./session-events.ts";
import type {
  Awaitable,
  DeleteByUserOptions,
  Refreshed,
  SessionStore,
  StoredSession,
} from "./session-store.ts";
import { checked } from "./store-answer.ts";
import { createStoreTrip } from "./store-trip.ts";
import { checkRecord } from "./stored-session.ts";
import { createTurns } from "./turns.ts";

/** Makes of the live record what is to stand in its place. Called again when another writer came first. */
export type Change = (current: StoredSession) => Awaitable<StoredSession>;

/**
 * A store as the manager uses it: every operation there is, whatever the store offers; each trip bounded; every
 * fault a `SessionError`; nothing expired. Tells of faults, of records past their end, and of sessions that are not there.
 */
export interface StoreAccess {
  /** `false` when there is a live record under the key already. */
  insert(session: StoredSession): Awaitable<boolean>;
  load(key: string): Awaitable<StoredSession | null>;
  /** Whether `load` never gives a promise. */
  readonly loadsAtOnce: boolean;
  /** `load` for a look-up that nobody's id has led to: there it is nothing to tell when there is no session. */
  find(key: string): Awaitable<StoredSession | null>;
  touch(key: string): Promise<void>;
  /** `whenBelow`: seconds left, above which the session is only read. */
  refresh(key: string, whenBelow?: number): Promise<Refreshed<StoredSession> | null>;
  /** Writes what `change` makes of the live record, and gives it back; `null` when there is none. */
  change(key: string, change: Change): Promise<StoredSession | null>;
  /** Ends the session. With `tell` it gives back the live one that this call ended, as exactly as the store can tell. */
  remove(key: string, tell: boolean): Promise<StoredSession | null>;
  /** In the order in which they joined the user; without those that cannot be read, each of which is told of. */
  listByUser(userKey: string): Promise<StoredSession[]>;
  removeByUser(userKey: string, options: DeleteByUserOptions): Promise<number>;
}

export interface StoreAccessOptions {
  readonly ttl: number;
  readonly absoluteTtl: number | undefined;
  readonly storeTimeout: number;
  readonly clock: () => number;
  readonly events: SessionEvents;
}

export function createStoreAccess(store: SessionStore, options: StoreAccessOptions): StoreAccess {
  const { clock, events } = options;
  const trip = createStoreTrip(options.storeTimeout, failed);
  const inTurn = createTurns(options.storeTimeout, failed);
  const plain = createPlainSteps(store, options, trip, inTurn);

  const loadRecord = store.load?.bind(store);
  const insertRecord = store.insert?.bind(store);
  const replaceRecord = store.replace?.bind(store);
  const listRecords = store.listByUser?.bind(store);
  // Without `replace` a change is a read and a write, which these would come between: there they wait their turn.
  const refreshRecord = replaceRecord && store.refresh?.bind(store);
  const deleteRecords = replaceRecord && store.deleteByUser?.bind(store);

  function failed(code: SessionErrorCode, method: string, subject: string): void {
    if (method.endsWith("ByUser")) events.failed(code, method, undefined, subject);
    else events.failed(code, method, subject);
  }

  /** The record unless it has expired: a store whose own clock or sweep is late changes nothing. */
  function live(found: StoredSession): StoredSession | null {
    checkRecord(found);
    if (!isExpired(found, clock())) return found;
    events.emit("expired", found.id, found.userKey);
    return null;
  }

  function liveOrAbsent(found: StoredSession | null | undefined, key: string): StoredSession | null {
    if (found) return live(found);
    absent(key);
    return null;
  }

  function liveIfAny(found: StoredSession | null): StoredSession | null {
    return found ? live(found) : null;
  }

  function liveRefreshed(
    refreshed: Refreshed<StoredSession> | null,
    key: string,
  ): Refreshed<StoredSession> | null {
    return liveOrAbsent(refreshed?.session, key) && refreshed;
  }

  function absent(key: string): void {
    events.emit("denied", key, undefined, "unknown");
  }

  /** Whether it is a live session; one that cannot be read is told of, and costs the others nothing. */
  function isListable(session: StoredSession): boolean {
    try {
      return live(session) !== null;
    } catch (error) {
      if (errorCode(error) !== "CORRUPT_RECORD") throw error;
      events.failed("CORRUPT_RECORD", "listByUser", session.id, session.userKey);
      events.leftOut(error);
      return false;
    }
  }

  function load(key: string): Awaitable<StoredSession | null> {
    if (loadRecord === undefined) return plain.load(key);
    return trip.direct("load", key, loadRecord, liveOrAbsent);
  }

  async function refresh(key: string, whenBelow?: number): Promise<Refreshed<StoredSession> | null> {
    if (refreshRecord === undefined) return plain.refresh(key, whenBelow);
    return trip("refresh", key, () => refreshRecord(key, options.ttl, whenBelow), liveRefreshed);
  }

  const compareAndSet =
    replaceRecord &&
    createCompareAndSet(
      {
        load,
        replace: (key, session, revision) =>
          trip("replace", key, () => replaceRecord(key, session, revision), checked("replace")),
        gone: absent,
      },
      inTurn,
    );

  return {
    load,
    loadsAtOnce: store.load?.atOnce === true,
    refresh,
    find: (key) =>
      loadRecord === undefined ? plain.find(key) : trip.direct("load", key, loadRecord, liveIfAny),
    insert: (session) =>
      insertRecord === undefined
        ? plain.insert(session)
        : trip("insert", session.id, () => insertRecord(session), checked("insert")),
    touch: async (key) => {
      await (refreshRecord ? refresh(key) : plain.touch(key));
    },
    change: compareAndSet ?? plain.change,
    remove: (key, tell) => (replaceRecord ? plain.end(key, tell) : plain.remove(key, tell)),
    listByUser: async (userKey) => {
      if (listRecords === undefined) throw unsupported("listByUser");
      const call = (onTrip: () => void) => listRecords(userKey, { onTrip });
      const found = await trip("listByUser", userKey, call, checked("listByUser"));
      return found.filter(isListable);
    },
    removeByUser: async (userKey, deleteOptions) => {
      if (store.deleteByUser === undefined) throw unsupported("deleteByUser");
      if (deleteRecords === undefined) return plain.removeByUser(userKey, deleteOptions);
      const call = (onTrip: () => void) => deleteRecords(userKey, { ...deleteOptions, onTrip });
      return trip("deleteByUser", userKey, call, checked("deleteByUser"));
    },
  };
}

/** Says which of its optional methods the store lacks. */
export function unsupported(method: string): SessionError {
  return new SessionError(
    "UNSUPPORTED",
    `The session store cannot find the sessions of a user: it has no method ${method}. ` +
      "The memory and the SQL store have it, and the Redis store with a client that can send any command or has the set methods.",
  );
}
