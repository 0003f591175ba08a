import { createCompareAndSet } from "./compare-and-set.ts";
import { isExpired } from "./expiry.ts";
import { isPromise } from "./is-promise.ts";
import { createPlainSteps } from "./plain-store.ts";
import { SessionError } from "./session-error.ts";
import type {
  Awaitable,
  DeleteByUserOptions,
  Refreshed,
  SessionStore,
  StoredSession,
} from "./session-store.ts";
import { checkAnswer, checkAwaitable } from "./store-answer.ts";
import { createStoreTrip } from "./store-trip.ts";
import { checkRecord } from "./stored-session.ts";
import { createTurns } from "./turns.ts";

/** Makes of the live record what is to stand in its place. Called again when another writer came first. */
export type Change = (current: StoredSession) => StoredSession;

/**
 * A store as the manager uses it: every operation there is, whatever the store offers; each trip bounded; every
 * fault a `SessionError`; nothing expired.
 */
export interface StoreAccess {
  /** `false` when there is a live record under the key already. */
  insert(session: StoredSession): Awaitable<boolean>;
  load(key: string): Awaitable<StoredSession | null>;
  touch(key: string): Promise<void>;
  /** `whenBelow`: seconds left, above which the session is only read. */
  refresh(key: string, whenBelow?: number): Promise<Refreshed<StoredSession> | null>;
  /** Writes what `change` makes of the live record, and gives it back; `null` when there is none. */
  change(key: string, change: Change): Promise<StoredSession | null>;
  remove(key: string): Awaitable<void>;
  listByUser(userKey: string): Promise<StoredSession[]>;
  removeByUser(userKey: string, options: DeleteByUserOptions): Promise<number>;
}

export interface StoreAccessOptions {
  readonly ttl: number;
  readonly absoluteTtl: number | undefined;
  readonly storeTimeout: number;
  readonly clock: () => number;
}

export function createStoreAccess(store: SessionStore, options: StoreAccessOptions): StoreAccess {
  const { clock } = options;
  const trip = createStoreTrip(options.storeTimeout);
  const inTurn = createTurns(options.storeTimeout);
  const plain = createPlainSteps(store, options, trip, inTurn);

  const loadRecord = store.load?.bind(store);
  const insertRecord = store.insert?.bind(store);
  const replaceRecord = store.replace?.bind(store);
  const listRecords = store.listByUser?.bind(store);
  // Without `replace` a change is a read and a write, which these two would come between: there they wait their turn.
  const refreshRecord = replaceRecord && store.refresh?.bind(store);
  const deleteRecords = replaceRecord && store.deleteByUser?.bind(store);

  /** The record unless it has expired: a store whose own clock or sweep is late changes nothing. */
  function live(found: StoredSession | null): StoredSession | null {
    if (found === null || found === undefined) return null;
    checkRecord(found);
    return isExpired(found, clock()) ? null : found;
  }

  function load(key: string): Awaitable<StoredSession | null> {
    if (loadRecord === undefined) return plain.read(key);
    const found = trip("load", () => loadRecord(key));
    return isPromise(found) ? found.then(live) : live(found);
  }

  async function refresh(key: string, whenBelow?: number): Promise<Refreshed<StoredSession> | null> {
    if (refreshRecord === undefined) return plain.refresh(key, whenBelow);
    const answer = trip("refresh", () => refreshRecord(key, options.ttl, whenBelow));
    const refreshed = isPromise(answer) ? await answer : answer;
    return refreshed && live(refreshed.session) ? refreshed : null;
  }

  const compareAndSet =
    replaceRecord &&
    createCompareAndSet(
      {
        load,
        replace: (key, session, revision) =>
          checkAwaitable(
            "replace",
            trip("replace", () => replaceRecord(key, session, revision)),
          ),
      },
      inTurn,
    );

  function insert(session: StoredSession): Awaitable<boolean> {
    if (insertRecord === undefined) return plain.insert(session);
    return checkAwaitable(
      "insert",
      trip("insert", () => insertRecord(session)),
    );
  }

  return {
    load,
    refresh,
    insert,
    touch: async (key) => {
      await (refreshRecord ? refresh(key) : plain.touch(key));
    },
    change: compareAndSet ?? plain.change,
    remove: (key) => (replaceRecord ? trip("delete", () => store.delete(key)) : plain.remove(key)),
    listByUser: async (userKey) => {
      if (listRecords === undefined) throw unsupported("listByUser");
      const found = await trip("listByUser", (onTrip) => listRecords(userKey, { onTrip }));
      return checkAnswer("listByUser", found).filter((session) => live(session) !== null);
    },
    removeByUser: async (userKey, deleteOptions) => {
      if (store.deleteByUser === undefined) throw unsupported("deleteByUser");
      if (deleteRecords === undefined) return plain.removeByUser(userKey, deleteOptions);
      const ended = await trip("deleteByUser", (onTrip) =>
        deleteRecords(userKey, { ...deleteOptions, onTrip }),
      );
      return checkAnswer("deleteByUser", ended);
    },
  };
}

function unsupported(method: string): SessionError {
  return new SessionError(
    "UNSUPPORTED",
    `The session store cannot find the sessions of a user: it has no method ${method}. ` +
      "The memory store has it, and the Redis store with a client that can send any command or has the set methods.",
  );
}
