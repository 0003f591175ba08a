import { expect, test } from "bun:test";
import {
  addToIndex,
  createHashIndex,
  firstWith,
  type HashIndex,
  nextWith,
  removeFromIndex,
  replaceInIndex,
} from "./hash-index.ts";
import { createRows, getInt, pushRow, type Rows, setInt } from "./rows.ts";
import { NONE, type Slot } from "./session-row.ts";

const HASH = 0;
const NEXT = 1;

function indexed(hashes: readonly number[]): { rows: Rows; index: HashIndex } {
  const rows = createRows(2);
  const index = createHashIndex(rows, HASH, NEXT);
  for (const hash of hashes) {
    const slot = pushRow(rows);
    setInt(rows, slot, HASH, hash);
    addToIndex(index, slot);
  }
  return { rows, index };
}

function allWith(index: HashIndex, hash: number): Slot[] {
  const slots: Slot[] = [];
  for (let slot = firstWith(index, hash); slot !== NONE; slot = nextWith(index, slot, hash)) slots.push(slot);
  return slots.sort((one, other) => one - other);
}

test("slots are found by their hash while the index grows and shrinks, whatever the hashes share", () => {
  // Ends that are alike share a bucket for long; the signs are those of 32 bits.
  const hashes = Array.from({ length: 3000 }, (_, slot) =>
    slot % 3 === 0 ? slot << 20 : Math.imul(slot, 0x9e3779b1),
  );
  const { index } = indexed(hashes);
  expect(index.buckets.length).toBe(3000);
  for (let slot = 0; slot < 3000; slot++) {
    expect(allWith(index, hashes[slot] ?? 0)).toContain(slot);
    if (slot % 100 === 0) expect(allWith(index, 12_345)).toEqual([]);
  }
  for (let slot = 0; slot < 2990; slot++) removeFromIndex(index, slot);
  expect(index.buckets.length).toBe(10);
  for (let slot = 2990; slot < 3000; slot++) expect(allWith(index, hashes[slot] ?? 0)).toContain(slot);
  for (let slot = 2990; slot < 3000; slot++) removeFromIndex(index, slot);
  expect([index.count, allWith(index, hashes[2999] ?? 0)]).toEqual([0, []]);
});

test("slots of one hash are all found, and only the one that is meant is removed or replaced", () => {
  const { rows, index } = indexed([7, 7, -1, 7, 7 + 2 ** 20]);
  expect(allWith(index, 7)).toEqual([0, 1, 3]);
  removeFromIndex(index, 1);
  expect(allWith(index, 7)).toEqual([0, 3]);
  setInt(rows, 1, HASH, 7);
  replaceInIndex(index, 0, 1);
  expect(allWith(index, 7)).toEqual([1, 3]);
  expect([allWith(index, -1), allWith(index, 7 + 2 ** 20)]).toEqual([[2], [4]]);
});

test("what is not in the index is not removed, and replaces nothing", () => {
  const { rows, index } = indexed([1, 2]);
  const other = pushRow(rows);
  setInt(rows, other, HASH, 1);
  setInt(rows, other, NEXT, NONE);
  removeFromIndex(index, other);
  replaceInIndex(index, other, 1);
  expect([index.count, allWith(index, 1), allWith(index, 2)]).toEqual([2, [0], [1]]);
  expect(getInt(rows, other, HASH)).toBe(1);
});
