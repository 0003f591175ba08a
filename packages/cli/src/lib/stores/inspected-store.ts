import type { SessionStore } from "@ventostack/auth-core";
import type { Finding } from "../doctor/finding.ts";

/** What the commands need of a kind of store, beyond what a session manager needs of it. */
export interface InspectedStore {
  readonly store: SessionStore;
  /** How the servers are set up. */
  examine(): Promise<Finding[]>;
  /** About how much `records` and `indexes` count up to. */
  size(): Promise<number>;
  /** Every record, some at a time. */
  records(): AsyncIterable<Batch<InspectedRecord>>;
  /** Every user's index, some at a time. `prune` also takes out what stands for no session. */
  indexes(options: { prune: boolean }): AsyncIterable<Batch<InspectedIndex>>;
  /**
   * Where sessions that are over stay until they are swept: removes them, and gives how many there were. There are no indexes
   * to prune then.
   */
  sweep?(): Promise<number>;
  close(): Promise<void>;
}

export interface Batch<Item> {
  readonly items: readonly Item[];
  /** How much of `size` was gone through for it. */
  readonly size: number;
}

export interface InspectedRecord {
  /** The key below the store's prefix. It may be a session's id: never print all of it. */
  readonly name: string;
  /** `undefined`: it cannot be read. */
  readonly session: { readonly expiresAt: number; readonly userKey?: string } | undefined;
  /** When the store drops it, milliseconds since the epoch; `undefined`: never. */
  readonly endsAt: number | undefined;
  readonly bytes: number;
  /** Whether log-out everywhere finds it. */
  readonly isIndexed: boolean;
}

export interface InspectedIndex {
  /** `undefined`: it cannot be read. */
  readonly members: number | undefined;
  readonly stale: number;
  readonly removed: number;
  /** Whether it ends by itself. */
  readonly hasEnd: boolean;
}
