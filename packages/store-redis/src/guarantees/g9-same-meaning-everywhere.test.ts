import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import fc from "fast-check";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";

let fixture: Fixture;
let here: SessionManager;

beforeAll(async () => {
  fixture = await startFixture(1);
  here = fixture.manager();
});
afterAll(() => fixture.stop());

/** The data after each way through Redis, the last of them read by another process. */
async function throughRedis(data: Record<string, unknown>): Promise<unknown[]> {
  const { id, data: created } = await here.create(data);
  const got = await here.get(id);
  const merged = await here.merge(id, {});
  const refreshed = await here.refresh(id);
  const moved = await here.regenerate(id);
  const elsewhere = await fixture.worker(0).sessions.get(moved?.id ?? "");
  return [created, got?.data, merged?.data, refreshed?.data, moved?.data, elsewhere?.data];
}

describe("G9 same meaning everywhere: JSON through Redis", () => {
  test("any JSON object comes back as JSON carries it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ stringUnit: "binary" })),
        async (data) => {
          const expected = withoutProto(data);
          for (const found of await throughRedis(data)) expect(found).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  }, 30_000);

  test.each<[string, Record<string, unknown>]>([
    ["an empty list, and lists of them", { list: [], deep: [[], [[]]], none: {} }],
    [
      "integers of any size",
      { max: Number.MAX_SAFE_INTEGER, min: -Number.MAX_SAFE_INTEGER, big: 2 ** 63, id: 12345678901234567000 },
    ],
    ["fractions and extremes", { third: 1 / 3, tiny: 5e-324, huge: Number.MAX_VALUE, cents: 0.1 + 0.2 }],
    ["letters of any script", { ключ: "日本語 👩‍👩‍👧 \u0000 \u007f \uffff é é", "": "" }],
    ["halves of surrogate pairs", { lone: "\ud800", also: "x\udc00y" }],
    ["text of 64 kB", { text: "ä".repeat(32_768), lines: "a\r\nb\n".repeat(10) }],
    [
      "text that looks like a record or a command",
      { a: '","data":{}', old: "x", user: "u9", data: '"old":"abc"}', b: "\r\n*1\r\n$8\r\nFLUSHALL\r\n" },
    ],
    ["names that objects have", { constructor: 1, toString: "x", hasOwnProperty: null }],
    ["null, true, false, 0 and the empty text", { a: null, b: true, c: false, d: 0, e: "" }],
    ["nesting of 400 levels", JSON.parse(`${'{"a":'.repeat(400)}1${"}".repeat(400)}`)],
  ])("%s", async (_, data) => {
    for (const found of await throughRedis(data)) expect(JSON.stringify(found)).toBe(JSON.stringify(data));
  });

  test("[SEC-19] __proto__ is dropped at any depth, a Date is text, undefined is absent", async () => {
    const hostile = JSON.parse(
      '{"__proto__":{"admin":true},"n":{"__proto__":{"admin":true},"b":[{"__proto__":1}]}}',
    );
    for (const found of await throughRedis({ ...hostile, n: hostile.n, at: new Date(0), gone: undefined })) {
      expect(JSON.stringify(found)).toBe('{"n":{"b":[{}]},"at":"1970-01-01T00:00:00.000Z"}');
      expect((found as { admin?: unknown }).admin).toBeUndefined();
    }
  });

  test("data that ends like a record's own fields is not taken for them", async () => {
    const first = await here.create({ userId: "u9" });
    // What a record says of the key that its session moves from: to believe it would hide one of the two.
    const old = Bun.SHA256.hash(here.handleOf(first.id), "base64url");
    await here.create({ userId: "u9", old });
    await here.create({ userId: "u9", deep: [{ n: 1, old }] });
    expect((await here.listByUser("u9")).length).toBe(3);
    expect(await here.destroyByUser("u9")).toBe(3);
  });

  test("what JSON would lose is refused before any command is sent", async () => {
    const { id } = await here.create({ a: 1 });
    const lost: unknown[] = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1n,
      () => 1,
      Symbol("s"),
      new Map(),
      new Set(),
      new Uint8Array(1),
      [undefined],
    ];
    const { commands } = await fixture.proxy.measure(async () => {
      for (const value of lost) {
        for (const call of [
          here.create({ value }),
          here.update(id, { value }),
          here.regenerate(id, { value }),
        ]) {
          expect(await call.catch((thrown: unknown) => thrown)).toMatchObject({ code: "INVALID_DATA" });
        }
      }
    });
    expect(commands).toEqual([]);
  });
});

function withoutProto(data: object): unknown {
  return JSON.parse(JSON.stringify(data), (key, value) => (key === "__proto__" ? undefined : value));
}
