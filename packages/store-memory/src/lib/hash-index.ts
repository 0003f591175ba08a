import { clearRows, createRows, getInt, popRow, pushRow, type Rows, setInt } from "./rows.ts";
import { NONE, type Slot } from "./session-row.ts";

/**
 * Slots by hash. Those of one bucket are a list through their rows, of which the bucket holds the first.
 *
 * Linear hashing: there are as many buckets as slots. Each slot that is added splits one bucket in two, and each that goes
 * joins two, so that no call takes long, however many there are, and no room is left over.
 */
export interface HashIndex {
  /** The slots' rows, and what in them is the hash, and the next slot of the same bucket. */
  readonly rows: Rows;
  readonly hashField: number;
  readonly nextField: number;
  readonly buckets: Rows;
  /** The largest power of two that is not above the number of buckets. */
  low: number;
  count: number;
}

export function createHashIndex(rows: Rows, hashField: number, nextField: number): HashIndex {
  return { rows, hashField, nextField, buckets: createRows(1), low: 1, count: 0 };
}

/** The first slot with that hash, or `NONE`. */
export function firstWith(index: HashIndex, hash: number): Slot {
  if (index.count === 0) return NONE;
  return sameHash(index, getInt(index.buckets, bucketOf(index, hash), 0), hash);
}

/** The next one with the same hash, or `NONE`. */
export function nextWith(index: HashIndex, slot: Slot, hash: number): Slot {
  return sameHash(index, getInt(index.rows, slot, index.nextField), hash);
}

/** Its row has to have its hash already. */
export function addToIndex(index: HashIndex, slot: Slot): void {
  index.count++;
  if (index.buckets.length < index.count) split(index);
  link(index, slot);
}

export function removeFromIndex(index: HashIndex, slot: Slot): void {
  if (!relink(index, slot, getInt(index.rows, slot, index.nextField))) return;
  index.count--;
  if (index.count > 0) join(index);
}

/** Puts another slot of the same hash in its place; does nothing where it is not in the index. */
export function replaceInIndex(index: HashIndex, slot: Slot, by: Slot): void {
  const { rows, nextField } = index;
  const next = getInt(rows, slot, nextField);
  if (relink(index, slot, by)) setInt(rows, by, nextField, next);
}

export function clearIndex(index: HashIndex): void {
  clearRows(index.buckets);
  index.low = 1;
  index.count = 0;
}

function sameHash({ rows, hashField, nextField }: HashIndex, first: Slot, hash: number): Slot {
  let slot = first;
  while (slot !== NONE && getInt(rows, slot, hashField) !== hash) slot = getInt(rows, slot, nextField);
  return slot;
}

/** A bucket that has not been split yet holds what belongs in its other half as well. */
function bucketOf({ buckets, low }: HashIndex, hash: number): number {
  const bucket = hash & (2 * low - 1);
  return bucket < buckets.length ? bucket : bucket & (low - 1);
}

function link(index: HashIndex, slot: Slot): void {
  const { rows, buckets } = index;
  const bucket = bucketOf(index, getInt(rows, slot, index.hashField));
  setInt(rows, slot, index.nextField, getInt(buckets, bucket, 0));
  setInt(buckets, bucket, 0, slot);
}

function linkAll(index: HashIndex, first: Slot): void {
  for (let slot = first; slot !== NONE; ) {
    const next = getInt(index.rows, slot, index.nextField);
    link(index, slot);
    slot = next;
  }
}

function split(index: HashIndex): void {
  const { buckets, low } = index;
  const added = pushRow(buckets);
  setInt(buckets, added, 0, NONE);
  if (added === 0) return;
  if (buckets.length === 2 * low) index.low = buckets.length;
  const parted = added - low;
  const first = getInt(buckets, parted, 0);
  setInt(buckets, parted, 0, NONE);
  linkAll(index, first);
}

function join(index: HashIndex): void {
  const { buckets } = index;
  const first = getInt(buckets, buckets.length - 1, 0);
  popRow(buckets);
  if (buckets.length < index.low) index.low /= 2;
  linkAll(index, first);
}

/** Has whatever leads to the slot lead to `by`; whether anything does. */
function relink(index: HashIndex, slot: Slot, by: Slot): boolean {
  const { rows, nextField, buckets } = index;
  if (index.count === 0) return false;
  const bucket = bucketOf(index, getInt(rows, slot, index.hashField));
  let before = NONE;
  let at = getInt(buckets, bucket, 0);
  while (at !== slot) {
    if (at === NONE) return false;
    before = at;
    at = getInt(rows, at, nextField);
  }
  if (before === NONE) setInt(buckets, bucket, 0, by);
  else setInt(rows, before, nextField, by);
  return true;
}
