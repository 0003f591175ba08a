import { expect, test } from "bun:test";
import { createEncodedName, encodeName } from "./encoded-name.ts";
import { keyedHash } from "./keyed-hash.ts";

test("the hash depends on every word, on their order and length, and on both words of the secret", () => {
  const words = Int32Array.of(1, 2, 3, 4);
  const hashes = [
    keyedHash(words, 4, 16, 5, 6),
    keyedHash(Int32Array.of(1, 2, 3, 5), 4, 16, 5, 6),
    keyedHash(Int32Array.of(2, 1, 3, 4), 4, 16, 5, 6),
    keyedHash(words, 3, 16, 5, 6),
    keyedHash(words, 4, 15, 5, 6),
    keyedHash(words, 4, 16, 6, 6),
    keyedHash(words, 4, 16, 5, 5),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(keyedHash(words, 4, 16, 5, 6)).toBe(hashes[0] ?? 0);
});

test("names that collide under one secret do not under another, and numbered ones spread evenly", () => {
  const one = createEncodedName(Int32Array.of(1, 2));
  const other = createEncodedName(Int32Array.of(3, 4));
  const buckets = new Uint32Array(256);
  const nameOf = new Map<number, string>();
  const pairs: [string, string][] = [];
  for (let user = 0; user < 200_000; user++) {
    const name = `user-${user}`;
    encodeName(one, name);
    buckets[one.hash & 255] = (buckets[one.hash & 255] ?? 0) + 1;
    const before = nameOf.get(one.hash);
    if (before !== undefined) pairs.push([before, name]);
    nameOf.set(one.hash, name);
  }
  // Of so many, two have the same 32 bits now and then: in the mean 4.7 times.
  expect(pairs.length).toBeWithin(1, 20);
  expect(Math.max(...buckets) / Math.min(...buckets)).toBeLessThan(1.4);
  for (const [first, second] of pairs) {
    encodeName(other, first);
    const { hash } = other;
    encodeName(other, second);
    expect(other.hash).not.toBe(hash);
  }
});
