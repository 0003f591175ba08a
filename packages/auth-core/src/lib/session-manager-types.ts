import type { Session, SessionInfo } from "./session.ts";
import type { DeviceFields } from "./session-notes.ts";
import type { ResolvedSessionOptions } from "./session-options.ts";
import type { Awaitable, Refreshed } from "./session-store.ts";

/**
 * Top-level keys to set; a key whose value is `undefined` is removed. Where `exactOptionalPropertyTypes` is on, the type
 * allows that for optional keys only; without it TypeScript lets `undefined` pass for any key.
 */
export type SessionPatch<Data extends object> = {
  [Key in keyof Data]?: Partial<Pick<Data, Key>> extends Pick<Data, Key> ? Data[Key] | undefined : Data[Key];
};

/** `create()` may be called without data only where the data's type has no required key. */
export type CreateArguments<Data extends object> =
  Partial<Data> extends Data ? [data?: Data, options?: CreateOptions] : [data: Data, options?: CreateOptions];

export interface CreateOptions {
  /** What to note of the device, for the user to know it again in a listing. */
  device?: DeviceFields;
  /**
   * The id of the session that this log-in takes the place of: the one that the browser has. It ends once the new one is made,
   * does not count towards `maxPerUser`, and goes on where `create` rejects. What names no live session is none.
   */
  replaces?: string | undefined;
}

export interface RegenerateOptions {
  /** The user has just proved who they are, by a password or a second factor: the session counts as fresh from now on. */
  authenticated?: boolean;
  /** Fields of the device to note. */
  device?: DeviceFields;
}

export interface DestroyByUserOptions {
  /** The id of one session to leave alone: the one that asks. */
  except?: string;
}

/**
 * Sessions of one application. Every method rejects with a `SessionError`: `STORE_UNAVAILABLE` or `STORE_TIMEOUT`
 * when the store is at fault, `CORRUPT_RECORD` when a record cannot be read, `UNSUPPORTED` when the store cannot do
 * it, `INVALID_OPTION` when `userIdOf` gives, or a by-user method is called with, what is no user id. Only what the
 * application's own functions throw (`clock`, `random`, `userIdOf`, `schema`) comes through as it is, and what `random` makes
 * unusable is an `Error`.
 *
 * `null` and `false` mean that there is no live session, and only that. An id that does not have the shape of one names
 * no session and costs no call of the store.
 */
export interface SessionManager<Data extends object = Record<string, unknown>> {
  /**
   * A new session under a new id. Rejects with `INVALID_DATA` when the data is not JSON or does not fit the schema, and
   * with `LIMIT_REACHED` when the user has `maxPerUser` sessions and the oldest one is not to go.
   */
  create(...args: CreateArguments<Data>): Promise<Session<Data>>;

  /** The live session, or `null`. Does not extend it. */
  get(id: string): Promise<Session<Data> | null>;

  /**
   * `get` that answers at once where the store does and no schema has to be waited for. Throws, or rejects where it gave a
   * promise, with what `get` rejects with.
   */
  readonly load: {
    (id: string): Awaitable<Session<Data> | null>;
    /** It never gives a promise: the store says so, and there is no schema. See {@link LoadSession}. */
    readonly atOnce?: true;
  };

  /**
   * Merges the patch's top-level keys into the data; `undefined` removes a key. Updates of different keys by any
   * number of callers all survive. Leaves the lifetime alone; does nothing where there is no live session. Rejects
   * with `INVALID_DATA`, with `CONFLICT` when other writers leave it no chance, or with `LIMIT_REACHED` where the patch
   * gives the session to a user who has enough.
   */
  update(id: string, patch: SessionPatch<Data>): Promise<void>;

  /** `update` that gives the session as it is afterwards, or `null`. */
  merge(id: string, patch: SessionPatch<Data>): Promise<Session<Data> | null>;

  /**
   * Lets the session live for `ttl` from now, up to its absolute end. Never shortens it, never brings it back;
   * does nothing where there is no live session.
   */
  touch(id: string): Promise<void>;

  /** `touch` that gives the session back, in the same trip where the store can, or `null`. */
  refresh(id: string): Promise<Session<Data> | null>;

  /**
   * `refresh` that extends the session only when `touchInterval` has passed since that was last done. Of any number
   * of callers at once one is told that it extended the session (with a store that has `refresh`).
   */
  refreshIfDue(id: string): Promise<Refreshed<Session<Data>> | null>;

  /** Ends the session for good. No error where there is none. */
  destroy(id: string): Promise<void>;

  /**
   * Gives the session a new id, and merges the patch; the old id is dead. To be called at log-in and whenever rights
   * rise (ASVS 5.0 7.2.4). Extends the session like `touch`. `null` where there is no live session; of several at
   * once exactly one gets a session.
   */
  regenerate(
    id: string,
    patch?: SessionPatch<Data>,
    options?: RegenerateOptions,
  ): Promise<Session<Data> | null>;

  /**
   * Notes these fields of the session's device in place of what was noted; `null` or `undefined` forgets one. Long texts
   * are cut, control characters become blanks. Does nothing where there is no live session. Rejects with `INVALID_DATA`.
   */
  setDevice(id: string, device: DeviceFields): Promise<void>;

  /**
   * Whether the user has proved who they are within this many seconds (ASVS 5.0 7.5.3). `false` for `null`, for an
   * anonymous session, and where the store does not keep when that was. Throws `INVALID_OPTION` on what is no duration.
   */
  isFresh(session: Pick<Session, "authenticatedAt"> | null, maxAgeSeconds: number): boolean;

  /**
   * The user's live sessions, newest first. One that cannot be read is left out, and an event, or else `console.error`,
   * tells of it; `destroyByUser` ends it where the store can tell whose it is.
   */
  listByUser(userId: string): Promise<SessionInfo<Data>[]>;

  /** Ends every session of the user, and returns how many live ones that were. */
  destroyByUser(userId: string, options?: DestroyByUserOptions): Promise<number>;

  /** Ends the one session of the user that has this handle; `false` when there is none. */
  destroyByHandle(userId: string, handle: string): Promise<boolean>;

  /** The public name of the session with this id, as listings show it. */
  handleOf(id: string): string;

  readonly options: ResolvedSessionOptions;
}
