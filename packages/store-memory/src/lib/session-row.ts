/** The place of a session among those of a store. It changes when another session goes: see `EntryTable`. */
export type Slot = number;

/** No slot. */
export const NONE = -1;

/** What has a fixed size of every session, by the word where it begins in the session's row. */
export const Field = {
  /** Times are milliseconds, of 64 bits as the revision is. */
  expiresAt: 0,
  createdAt: 2,
  revision: 4,
  /** Where its bytes are: see `ByteLog`. */
  chunk: 6,
  offset: 7,
  keyHash: 8,
  /** The next one in the same bucket, by key and (of the first session of each user alone) by user. */
  keyNext: 9,
  userHash: 10,
  userNext: 11,
  /** The user's sessions in the order in which they joined, as a ring. `NONE` where there is no user. */
  joinedBefore: 12,
  joinedAfter: 13,
  /** Another number, of 64 bits, after each write of any session of the store. */
  stamp: 14,
} as const;

/** Words: as many as the processor loads at once. */
export const ROW_WIDTH = 16;
