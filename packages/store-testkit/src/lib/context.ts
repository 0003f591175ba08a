import type { Awaitable, SessionStore } from "@ventostack/auth-core";

/** What a store under test is made with. A store takes of it what it has a use for. */
export interface StoreSetup {
  /**
   * Letters and digits that nobody else has: for a key prefix, a table or a file. Stores of one space are clients of the
   * same data; stores of two spaces must see nothing of each other.
   */
  readonly space: string;
  /** The time in milliseconds since the epoch. It moves as the cases want it to only with `time: "given"`. */
  readonly clock: () => number;
  /**
   * To be called, and awaited, before each trip to where the data are. The cases hold a trip there while another client
   * acts, and let it fail: a store that never calls it is not tried that way.
   */
  readonly step: () => Promise<void>;
}

export type CreateStore = (setup: StoreSetup) => Awaitable<SessionStore>;

export interface StoreOptions {
  /**
   * Another client of the data that a store of the same space has. Left out by a store whose data only it can see, which
   * is then its own second client.
   */
  readonly connectAgain?: CreateStore;
  /**
   * - `"real"`, the default: the cases wait, for as short a time as they can, until a session has expired.
   * - `"given"`: the store goes by `setup.clock`, and nothing waits.
   */
  readonly time?: "real" | "given";
  /**
   * How many records, index entries and the like are kept for the store's space, once what has expired and can be
   * removed is removed.
   */
  readonly sizeOf?: (store: SessionStore, setup: StoreSetup) => Awaitable<number>;
}

/** What a case runs on. */
export interface StoreContext extends StoreOptions {
  /** A store without any session. The case closes it, where it has a `close`. */
  readonly createStore: CreateStore;
}
