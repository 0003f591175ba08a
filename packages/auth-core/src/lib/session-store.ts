import type { Session, SessionDevice } from "./session.ts";

/** A value, or a promise of it. A store that answers at once saves the manager a timer and the caller a wait. */
export type Awaitable<Value> = Value | Promise<Value>;

/**
 * A session as a store keeps it. `id` is the store's key (the manager's prefix and, unless `hashIds` is off,
 * the SHA-256 of the id), never the secret itself. The manager writes every field; a store gives back what it
 * was given, and chooses only how long the record lives.
 */
export interface StoredSession extends Session {
  createdAt: number;
  /** The user the session belongs to, with the manager's prefix before it; absent for an anonymous session. */
  userKey?: string;
  /** Differs after every write of the record; what {@link SessionStore.replace} compares. */
  revision: number;
  /** Format of the record. A manager refuses a format it does not know rather than guess. */
  version: number;
  /** What the manager notes beside the data. JSON, of no meaning to a store; absent where there is nothing to note. */
  notes?: SessionNotes;
}

/** What the manager notes about a session beside the application's data. */
export interface SessionNotes {
  /** When the user last proved who they are, milliseconds since the epoch, where that was not at the creation. */
  authenticatedAt?: number;
  device?: SessionDevice;
}

/**
 * - `"replaced"`: written.
 * - `"changed"`: another write came first; nothing was written, read again.
 * - `"gone"`: absent or expired; nothing was written.
 */
export type ReplaceOutcome = "replaced" | "changed" | "gone";

export interface Refreshed<Refreshable> {
  readonly session: Refreshable;
  /** Whether this very call moved the session's end. */
  readonly extended: boolean;
}

/** What a store can promise beyond its four methods. */
export interface SessionStoreCapabilities {
  /** Whether updates and moves hold against every other client of the store, not only within this process. */
  readonly atomic: boolean;
  /** Whether it finds the sessions of a user. */
  readonly byUser: boolean;
}

export interface ListByUserOptions {
  /**
   * To be called after each trip to the server where the work takes several: the manager's time limit is for one, and
   * starts anew.
   */
  onTrip?: () => void;
}

export interface DeleteByUserOptions extends ListByUserOptions {
  /** The key of one session to leave alone. */
  except?: string;
  /** Told the key of each live session that the call ended, once. */
  onEnded?: (id: string) => void;
}

export interface LoadSession {
  (id: string): Awaitable<StoredSession | null>;
  /**
   * Said of a function that never gives a promise, for frameworks that have to know beforehand. On the function itself: what
   * is put in its place, to log or to delay, does not inherit the promise.
   */
  readonly atOnce?: true;
}

/**
 * Where sessions are kept. The first four methods make a working store; each further one lets the manager keep
 * a guarantee that four methods cannot carry between processes.
 *
 * For every method: absence is a value, a fault is a rejection. A store that is down, slow or confused rejects;
 * it never answers `null` or resolves as if it had done the work. An error whose `code` is a `SessionErrorCode`, such as
 * `CORRUPT_RECORD`, keeps that code; any other becomes `STORE_UNAVAILABLE`, and so does an answer that `insert`, `replace`,
 * `listByUser` or `deleteByUser` cannot give. A store keeps no reference to what it is given, and what it returns is the
 * caller's own: what either side changes there later is not seen by the other.
 */
export interface SessionStore {
  /** The live session, or `null` when it is absent or has expired. Never an expired one. */
  get(id: string): Promise<Session | null>;
  /** Writes the record whole, to live until `session.expiresAt`, in one step: never a record without an end. */
  set(session: Session): Promise<void>;
  /** Removes the record; an absent one is no error. */
  delete(id: string): Promise<void>;
  /**
   * Lets the record live for at least `ttl` seconds from now. Never shortens a life, never brings back what is
   * absent or expired; an absent record is no error.
   */
  touch(id: string, ttl: number): Promise<void>;

  /** Said by a store whose promises depend on how it was made, for those who read it; the manager goes by the methods. */
  readonly capabilities?: SessionStoreCapabilities;

  /** Set by a store that names its own keys: then the manager adds a prefix only when it was given one. */
  readonly keyPrefix?: string;

  /** `get`, with every field of {@link StoredSession}, and allowed to answer at once. */
  readonly load?: LoadSession;
  /** Writes the record only where no live one has its key. `false`: there is one, and nothing was written. */
  insert?(session: StoredSession): Awaitable<boolean>;
  /**
   * Compare-and-set, in one step for every other client of the store: where the record under `id` is live and
   * has `revision`, it becomes `session`. Its lifetime stays what the store holds, and a changed `userKey` moves
   * the session to that user.
   *
   * When `session.id` differs from `id` the session moves to the new key and lives until `session.expiresAt`:
   * from then on nothing is under the old key, and at no moment can both keys be used by one who knows them.
   */
  replace?(id: string, session: StoredSession, revision: number): Awaitable<ReplaceOutcome>;
  /**
   * `touch` that gives the session back, in one step, with the end it now has; `null` when there is none. Never
   * passes `absoluteExpiresAt`. With `whenBelow` it extends the session only where that has no more than this many
   * seconds left: of any number of callers at once, one extends it.
   */
  refresh?(id: string, ttl: number, whenBelow?: number): Awaitable<Refreshed<StoredSession> | null>;
  /**
   * `delete` that gives back the live session which this very call ended; `null` when there was none. Of any number of
   * callers at once one is given it.
   */
  remove?(id: string): Awaitable<StoredSession | null>;
  /**
   * The user's live sessions in the order in which they joined the user, the oldest first. A session joins when it is
   * inserted, moves to a new id, or is given to the user by `replace`. One that cannot be read must not hide the others:
   * it may be given with `version: 0`, which the manager reports and leaves out.
   */
  listByUser?(userKey: string, options?: ListByUserOptions): Awaitable<StoredSession[]>;
  /**
   * Removes every session of the user that was inserted before the call, whoever inserted it and whatever moves
   * meanwhile; the number of live ones it ended.
   */
  deleteByUser?(userKey: string, options?: DeleteByUserOptions): Awaitable<number>;
  /** Frees what the store holds (timers, connections). Later calls of any method fail; `close` may be repeated. */
  close?(): Promise<void>;
}
