import { expect, test } from "bun:test";
import type { StoredSession } from "@ventostack/auth-core";
import fc from "fast-check";
import { decodeRecord, encodeRecord, hashOfKey, MAX_TIME, oldKeyIn } from "./record.ts";
import * as scripts from "./scripts.ts";

const time = fc.integer({ min: 1_000_000_000_000, max: MAX_TIME });
const text = fc.string({ unit: "binary" });
const data = fc.dictionary(text, fc.jsonValue({ stringUnit: "binary", noUnicodeString: false } as object));

const sessions: fc.Arbitrary<StoredSession> = fc
  .record(
    {
      id: text,
      data,
      expiresAt: time,
      createdAt: fc.integer({ min: 0, max: MAX_TIME }),
      absoluteExpiresAt: time,
      userKey: fc.string({ unit: "binary", minLength: 1 }),
      revision: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      version: fc.constant(1),
      notes: fc.record({ authenticatedAt: time, device: fc.record({ label: text }) }, { requiredKeys: [] }),
    },
    { requiredKeys: ["id", "data", "expiresAt", "createdAt", "revision", "version"] },
  )
  .map(({ data: drawn, ...rest }) => ({ ...rest, data: JSON.parse(JSON.stringify(drawn)) }));

const session: StoredSession = {
  id: "a",
  data: {},
  createdAt: 1_700_000_000_000,
  expiresAt: 1_711_111_111_111,
  revision: 7,
  version: 1,
};

test("what was encoded comes back, whatever it holds", () => {
  fc.assert(
    fc.property(sessions, time, (given, indexedUntil) => {
      expect(decodeRecord(given.id, encodeRecord({ session: given, indexedUntil }))).toEqual(given);
    }),
  );
});

test("`exp` and `idx` stand where the scripts read and write them, whatever follows", () => {
  fc.assert(
    fc.property(sessions, time, (given, indexedUntil) => {
      const record = encodeRecord({ session: given, indexedUntil });
      // Lua counts from 1, and its ends are included.
      expect(record.slice(14 - 1, 26)).toBe(String(given.expiresAt));
      expect(record.slice(34 - 1, 46)).toBe(String(indexedUntil));
    }),
  );
  const sources = Object.values(scripts).flatMap((script) => ("source" in script ? script.source : []));
  const places = [
    ...sources
      .join("\n")
      .matchAll(/string\.sub\(\w+(?:\[\d\])?,(\d+)(?:,(\d+))?\)|SETRANGE',KEYS\[1\],(\d+)/g),
  ];
  expect(places.length).toBeGreaterThan(8);
  for (const [, from, to, offset] of places) {
    const place = offset === undefined ? `${from}-${to ?? "end"}` : `+${offset}`;
    // Before, at and behind each of the two; SETRANGE counts from 0.
    expect(["1-13", "14-26", "27-33", "27-end", "1-33", "34-46", "47-end", "+13", "+33"]).toContain(place);
  }
});

test("a time is 13 digits even where a clock is beyond them, and whole", () => {
  for (const [expiresAt, written] of [
    [0, "1000000000000"],
    [-5, "1000000000000"],
    [1_711_111_111_111.9, "1711111111111"],
    [1e15, "9999999999999"],
    [Number.POSITIVE_INFINITY, "9999999999999"],
  ] as const) {
    const record = encodeRecord({ session: { ...session, expiresAt }, indexedUntil: expiresAt });
    expect([record.slice(13, 26), record.slice(33, 46)]).toEqual([written, written]);
  }
});

test("a record is JSON that an operator can read", () => {
  const record = encodeRecord({
    session: { ...session, userKey: 'u"1', absoluteExpiresAt: 1_722_222_222_222, data: { userId: 'u"1' } },
    indexedUntil: 1_733_333_333_333,
  });
  expect(JSON.parse(record)).toEqual({
    v: 1,
    exp: 1_711_111_111_111,
    idx: 1_733_333_333_333,
    rev: 7,
    abs: 1_722_222_222_222,
    created: 1_700_000_000_000,
    user: 'u"1',
    data: { userId: 'u"1' },
  });
});

test("which key a session moves from is read back, and data cannot pass for it", () => {
  fc.assert(
    fc.property(sessions, time, text, (given, indexedUntil, key) => {
      const old = hashOfKey(key);
      const record = encodeRecord({ session: given, indexedUntil, old });
      expect(oldKeyIn(record)).toBe(old);
      expect(decodeRecord(given.id, record)).toEqual(given);
      const forged = { ...given, data: { ...given.data, old, deeper: { x: `","old":"${old}"}`, old } } };
      expect(oldKeyIn(encodeRecord({ session: forged, indexedUntil }))).toBeUndefined();
    }),
  );
});

test.each([
  ["", "the empty text"],
  ["{", "half of a record"],
  ['{"v":1,"exp":17', "half of a header"],
  ["null", "null"],
  ["17", "a number"],
  ['"text"', "a text"],
  ["undefined", "no JSON"],
  [undefined, "undefined"],
  [["a"], "a list of Redis"],
])("%j is corrupt, and not a session", (value, _) => {
  let thrown: unknown;
  try {
    decodeRecord("a", value);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: "CORRUPT_RECORD" });
  // What a record holds is nobody's business.
  expect((thrown as Error).message).not.toContain("exp");
});

test("any text is a session or CORRUPT_RECORD, also one that was a record before a part of it changed", () => {
  const damaged = fc
    .tuple(sessions, time, fc.nat(), fc.nat({ max: 9 }), fc.string({ unit: "binary", maxLength: 9 }))
    .map(([given, indexedUntil, position, length, piece]) => {
      const record = encodeRecord({ session: given, indexedUntil });
      const at = position % record.length;
      return record.slice(0, at) + piece + record.slice(at + length);
    });
  let corrupt = 0;
  fc.assert(
    fc.property(fc.oneof(damaged, fc.json(), fc.string({ unit: "binary" })), (value) => {
      try {
        expect(decodeRecord("a", value).id).toBe("a");
      } catch (error) {
        corrupt++;
        expect(error).toHaveProperty("code", "CORRUPT_RECORD");
      }
    }),
    { numRuns: 8_000 },
  );
  expect(corrupt).toBeWithin(2_000, 8_000);
});
