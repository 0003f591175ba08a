import { describe, expect, test } from "bun:test";
import { createEncodedName, encodeName } from "./encoded-name.ts";
import { createEntryTable, type Entry, type EntryTable } from "./entry-table.ts";
import { createTableModel, type TableModel } from "./table-model.test-kit.ts";

/** Pseudo-random, and the same each time. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((state >>> 8) / 2 ** 24) * below);
  };
}

const ODD_NAMES = [
  "",
  "\0",
  "\0\0",
  "a",
  "a\0",
  "abcd",
  "abcd\0",
  "é",
  "Ã©",
  "\ud800",
  "\udfff",
  "\ufffd",
  "\ud83d\ude00",
  "\ude00\ud83d",
  "a\ud800b",
  "日本語",
  // The same bytes, one for each character or two.
  "ba",
  "\u6162",
  "__proto__",
  "x".repeat(341),
  "x".repeat(342),
  "ü".repeat(1000),
  "\ud800".repeat(400),
];

function entryOf(random: (below: number) => number): Entry {
  const name = (prefix: string, count: number): string =>
    random(8) === 0 ? (ODD_NAMES[random(ODD_NAMES.length)] ?? "") : `${prefix}${random(count)}`;
  const text = ["", "ascii", "é", "日本", "😀", "\ud800"][random(6)] ?? "";
  const size = random(200) === 0 ? 20_000 : random(60);
  return {
    key: name("key-", 300),
    // Many sessions of some, and none of others.
    userKey: random(5) === 0 ? undefined : name("user-", 12),
    data: JSON.stringify({ text: text.repeat(size) }),
    expiresAt: random(20) === 0 ? Number.POSITIVE_INFINITY : random(1000) + 0.5,
    createdAt: -random(1000),
    revision: random(1000) * 2 ** 40 + 1,
    rare:
      random(4) === 0
        ? {
            absoluteExpiresAt: random(2) === 0 ? undefined : random(2000),
            version: random(3),
            notes: random(2) === 0 ? undefined : JSON.stringify({ authenticatedAt: 1, device: text }),
          }
        : undefined,
  };
}

function expectSame(table: EntryTable, model: TableModel, key: string): void {
  const slot = table.find(key);
  const entry = model.find(key);
  expect(slot < 0 ? undefined : table.read(slot, key)).toEqual(entry && model.sessionOf(entry));
  if (entry !== undefined) expect(table.rare(slot)).toEqual(entry.rare);
}

/** What many random operations leave is what they leave of a plain model; and so is all that they answer. */
function compareToModel(seed: number, operations: number, maxEntries: number): void {
  const random = randomOf(seed);
  const table = createEntryTable(maxEntries, { chunk: 2048 });
  const model = createTableModel(maxEntries);
  let now = 0;
  let sweep: Iterator<number, void> | undefined;
  const expired = (key: string, at: number): void => {
    if (!(at <= now)) return;
    const slot = table.find(key);
    if (slot >= 0) table.remove(slot);
    model.remove(key);
  };

  for (let operation = 0; operation < operations; operation++) {
    const entry = entryOf(random);
    const { key } = entry;
    const kind = random(20);
    if (kind < 8) {
      table.put(entry);
      model.put(entry);
    } else if (kind < 12) {
      expectSame(table, model, key);
      // Again, of what was kept of the first time.
      expectSame(table, model, key);
    } else if (kind < 15) {
      const slot = table.find(key);
      const held = model.find(key);
      expect(slot >= 0).toBe(held !== undefined);
      if (slot >= 0) table.remove(slot);
      model.remove(key);
    } else if (kind === 15) {
      const slot = table.find(key);
      const held = model.find(key);
      if (slot >= 0) table.setExpiresAt(slot, entry.expiresAt);
      if (held !== undefined) model.setExpiresAt(key, entry.expiresAt);
    } else if (kind < 19) {
      const user = entry.userKey ?? "nobody";
      expect(table.keysOfUser(user)).toEqual(model.keysOfUser(user));
    } else {
      // A step of a sweep, between which others go on; at its end, what has expired is gone.
      sweep ??= table.sweep(() => now);
      if (sweep.next().done === true) {
        sweep = undefined;
        now += 20;
      }
      for (const { key: swept, expiresAt } of model.entries()) expired(swept, expiresAt);
    }
    expect(table.size).toBe(model.size);
  }
  for (const { key } of model.entries()) expectSame(table, model, key);
}

describe("G8 G9 the table and a plain model answer alike to thousands of random operations", () => {
  test.each([1, 2, 3])("seed %d", (seed) => compareToModel(seed, 5000, Number.POSITIVE_INFINITY));
  test.each([4, 5])("seed %d, with a limit", (seed) => compareToModel(seed, 4000, 40));
});

function plain(key: string, fields: Partial<Entry> = {}): Entry {
  return {
    key,
    userKey: undefined,
    data: JSON.stringify(key),
    expiresAt: 1,
    createdAt: 0,
    revision: 1,
    rare: undefined,
    ...fields,
  };
}

test("keys and users whose hashes are the same are told apart", () => {
  const secret = Int32Array.of(1, 2);
  const encoded = createEncodedName(secret);
  const nameOf = new Map<number, string>();
  const table = createEntryTable(Number.POSITIVE_INFINITY, { secret });
  const collided: string[] = [];
  for (let at = 0; at < 200_000; at++) {
    encodeName(encoded, `name-${at}`);
    const before = nameOf.get(encoded.hash);
    if (before !== undefined) collided.push(before, `name-${at}`);
    nameOf.set(encoded.hash, `name-${at}`);
  }
  expect(collided.length).toBeGreaterThan(1);
  for (const name of collided) table.put(plain(name, { userKey: name }));
  for (const name of collided) {
    expect(table.read(table.find(name), name).data as unknown).toBe(name);
    expect(table.keysOfUser(name)).toEqual([name]);
  }
  table.remove(table.find(collided[0] ?? ""));
  expect(table.find(collided[0] ?? "")).toBe(-1);
  expect(table.keysOfUser(collided[0] ?? "")).toEqual([]);
  expect(table.keysOfUser(collided[1] ?? "")).toEqual([collided[1] ?? ""]);
});

test("G9 keys that differ in half of a surrogate pair are two", () => {
  const table = createEntryTable(Number.POSITIVE_INFINITY);
  const keys = ["\ud800", "\ud801", "\ufffd", "a\ud800", "a\udc00"];
  keys.forEach((key, at) => {
    table.put(plain(key, { userKey: key, data: String(at) }));
  });
  expect(table.size).toBe(keys.length);
  for (const key of keys) expect(table.keysOfUser(key)).toEqual([key]);
});

test("ten thousand sessions are all there, and the last of them when the others have gone", () => {
  const table = createEntryTable(Number.POSITIVE_INFINITY);
  for (let at = 0; at < 10_000; at++) table.put(plain(`key-${at}`, { userKey: "one", expiresAt: at }));
  expect(table.keysOfUser("one").length).toBe(10_000);
  const removed = [...table.sweep(() => 9_989)];
  expect([removed.at(-1), table.size]).toEqual([9990, 10]);
  expect(table.keysOfUser("one")).toEqual(Array.from({ length: 10 }, (_, at) => `key-${9990 + at}`));
  for (let at = 9990; at < 10_000; at++)
    expect(table.read(table.find(`key-${at}`), "").data as unknown).toBe(`key-${at}`);
});

test("megabytes of data in one session come back, in every kind of text", () => {
  const table = createEntryTable(Number.POSITIVE_INFINITY);
  for (const character of ["a", "é", "日", "😀"]) {
    const data = JSON.stringify(character.repeat(1_500_000));
    for (const text of [data, JSON.stringify("short"), data]) {
      table.put(plain("large", { data: text }));
      expect(JSON.stringify(table.read(table.find("large"), "large").data) === text).toBe(true);
    }
  }
});

test("G8 bounded: sessions that are written again and again take no more for it", () => {
  const table = createEntryTable(Number.POSITIVE_INFINITY, { chunk: 2048 });
  const dataOf = (length: number): string => JSON.stringify("x".repeat(length));
  for (let at = 0; at < 1000; at++) table.put(plain(`key-${at}`, { data: dataOf(160) }));
  const before = table.entryBytes;
  const random = randomOf(7);
  // In no order, or chunks would be given up by themselves.
  for (let turn = 0; turn < 20_000; turn++)
    table.put(plain(`key-${random(1000)}`, { data: dataOf(random(160)) }));
  expect(table.entryBytes).toBeLessThan(before);
  // As many go as stay, and nobody sweeps.
  for (let at = 0; at < 1000; at += 2) table.remove(table.find(`key-${at}`));
  expect(table.entryBytes).toBeLessThan(before * 0.7);
});

test("G1 a session that was read and then written, or gone, is not given as it was", () => {
  const table = createEntryTable(Number.POSITIVE_INFINITY);
  for (const key of ["a", "b"]) table.put(plain(key));
  for (const key of ["a", "b"]) table.read(table.find(key), key);
  table.put(plain("a", { data: "2" }));
  expect(table.read(table.find("a"), "a").data as unknown).toBe(2);
  // "b" takes the slot of "a", and "c" the one that "b" had.
  table.remove(table.find("a"));
  table.put(plain("c"));
  expect(table.find("a")).toBe(-1);
  for (const key of ["b", "c"]) expect(table.read(table.find(key), key).data as unknown).toBe(key);
  // Nor for another one, that was found since.
  const slot = table.find("b");
  table.find("c");
  expect(table.read(slot, "b").data as unknown).toBe("b");
});
