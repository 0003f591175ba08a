import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { applyPatch, toDataPatch, toJsonData } from "./session-data.ts";
import { SessionError } from "./session-error.ts";

const throughJson = (value: object): unknown => JSON.parse(JSON.stringify(value));

function errorOf(run: () => unknown): SessionError {
  try {
    run();
  } catch (error) {
    if (error instanceof SessionError) return error;
  }
  throw new Error("no SessionError was thrown");
}

describe("toJsonData", () => {
  test("gives what JSON would carry, for any JSON object", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          fc.jsonValue(),
        ),
        (data) => {
          expect(toJsonData(data)).toEqual(withoutProto(throughJson(data)) as Record<string, unknown>);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("gives what JSON would carry, or refuses it, for anything at all", () => {
    fc.assert(
      fc.property(
        fc.object({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
          withObjectString: true,
          withBoxedValues: true,
        }),
        (data) => {
          // What hangs off a `__proto__` key is dropped unread; JSON.stringify would throw at a BigInt there.
          fc.pre(!hasProtoKey(data));
          try {
            const copy = toJsonData(data);
            expect(JSON.stringify(copy)).toBe(JSON.stringify(withoutProto(throughJson(data))));
          } catch (error) {
            expect(error).toBeInstanceOf(SessionError);
            expect((error as SessionError).code).toBe("INVALID_DATA");
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("shares no memory with what was passed in", () => {
    const data = { nested: { list: [{ deep: 1 }] } };
    const copy = toJsonData(data) as typeof data;
    data.nested.list.push({ deep: 2 });
    expect(copy).toEqual({ nested: { list: [{ deep: 1 }] } });
    expect(copy.nested).not.toBe(data.nested);
  });

  test("turns a Date and anything else with toJSON into what that gives", () => {
    const money = { toJSON: () => ({ cents: 5 }) };
    expect(toJsonData({ at: new Date(0), money, link: new URL("https://a.example/") })).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      money: { cents: 5 },
      link: "https://a.example/",
    });
  });

  test("leaves out properties that are undefined, at any depth", () => {
    const copy = toJsonData({ gone: undefined, nested: { gone: undefined, kept: null } });
    expect(Object.keys(copy)).toEqual(["nested"]);
    expect(Object.keys(copy.nested as object)).toEqual(["kept"]);
  });

  test("[SEC-19] drops __proto__ keys at any depth [ASVS 15.3.6]", () => {
    const copy = toJsonData(
      JSON.parse('{"__proto__":{"admin":true},"a":[{"__proto__":{"admin":true},"b":1}]}'),
    );
    expect(copy).toEqual({ a: [{ b: 1 }] });
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(JSON.stringify(copy)).toBe('{"a":[{"b":1}]}');
  });

  test("keeps constructor, prototype and toString as ordinary keys", () => {
    const data = { constructor: 1, prototype: 2, toString: "3", hasOwnProperty: null };
    expect(JSON.stringify(toJsonData(data))).toBe(JSON.stringify(data));
  });

  test("takes objects without a prototype and of a class by their properties", () => {
    const bare = Object.assign(Object.create(null), { a: 1 });
    class Point {
      x = 1;
    }
    expect(toJsonData({ bare, point: new Point() })).toEqual({ bare: { a: 1 }, point: { x: 1 } });
  });

  test("an object that occurs twice is no cycle", () => {
    const shared = { a: 1 };
    expect(toJsonData({ one: shared, other: [shared, shared] })).toEqual({
      one: { a: 1 },
      other: [{ a: 1 }, { a: 1 }],
    });
  });

  const cycle: Record<string, unknown> = {};
  cycle.inner = [{ cycle }];
  test.each<[string, unknown, string]>([
    ["NaN", Number.NaN, "data.value is NaN"],
    ["Infinity", Number.POSITIVE_INFINITY, "data.value is Infinity"],
    ["-Infinity", Number.NEGATIVE_INFINITY, "data.value is -Infinity"],
    ["a boxed NaN", new Number(Number.NaN), "data.value is NaN"],
    ["a BigInt", 1n, "data.value is a bigint"],
    ["a function", () => 1, "data.value is a function"],
    ["a symbol", Symbol("s"), "data.value is a symbol"],
    ["a cycle", cycle, "contains itself"],
    ["a Map", new Map([["a", 1]]), "data.value is a Map"],
    ["a Set", new Set([1]), "data.value is a Set"],
    ["a WeakMap", new WeakMap(), "data.value is a WeakMap"],
    ["a typed array", new Uint8Array(2), "data.value is an Uint8Array"],
    ["an ArrayBuffer", new ArrayBuffer(2), "data.value is an ArrayBuffer"],
    ["a DataView", new DataView(new ArrayBuffer(2)), "data.value is a DataView"],
    ["a RegExp", /a/, "data.value is a RegExp"],
    ["an Error", new Error("e"), "data.value is an Error"],
    ["a Promise", Promise.resolve(1), "data.value is a Promise"],
    ["undefined in a list", [undefined], "data.value[0] is undefined"],
    // biome-ignore lint/suspicious/noSparseArray: JSON turns the hole into null
    ["a hole in a list", [, 1], "data.value[0] is undefined"],
    ["a function in a list", [() => 1], "data.value[0] is a function"],
    ["a symbol as key", { [Symbol("secret")]: 1 }, "has the key Symbol(secret)"],
    ["a toJSON that gives a BigInt", { toJSON: () => 1n }, "data.value is a bigint"],
    [
      "a toJSON that throws",
      {
        toJSON: () => {
          throw new Error("no");
        },
      },
      "toJSON that throws",
    ],
    [
      "a getter that throws",
      {
        get a() {
          throw new Error("no");
        },
      },
      "getter that throws",
    ],
    ["a list with a further key", Object.assign([1], { extra: 1 }), "data.value has the key extra"],
    ["what String.match gives", /(?<a>.)/.exec("x"), "data.value has the key index"],
  ])("refuses %s, naming the place", (_, value, message) => {
    const error = errorOf(() => toJsonData({ value }));
    expect(error.code).toBe("INVALID_DATA");
    expect(error.message).toContain(message);
    expect(errorOf(() => toJsonData({ deep: [{ value }] })).code).toBe("INVALID_DATA");
  });

  const failing = () => {
    throw new Error("no");
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  test.each<[string, unknown]>([
    ["a list's getter", Object.defineProperty([1], 0, { get: failing, enumerable: true })],
    ["a revoked proxy", revoked.proxy],
    ["a getter in place of toJSON", Object.defineProperty({}, "toJSON", { get: failing })],
    ["a getter in place of the string tag", Object.defineProperty({}, Symbol.toStringTag, { get: failing })],
    ["a wrapper object's valueOf", Object.assign(new Number(1), { valueOf: failing })],
  ])("takes what %s throws for data that is no JSON, not for an error of ours", (_, value) => {
    for (const read of [
      () => toJsonData({ value }),
      () => toDataPatch({ value }),
      () => toDataPatch(Object(value)),
    ]) {
      expect(errorOf(read).code).toBe("INVALID_DATA");
    }
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["undefined", undefined],
    ["a string", "text"],
    ["an array", [1]],
    ["a Date", new Date()],
    ["a function", () => 1],
  ])("refuses %s in place of the data", (_, data) => {
    expect(errorOf(() => toJsonData(data)).code).toBe("INVALID_DATA");
  });

  test("refuses nesting that would exhaust the stack", () => {
    const nested = (depth: number): object => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
    expect(toJsonData(nested(500))).toEqual(nested(500) as Record<string, unknown>);
    expect(errorOf(() => toJsonData(nested(501))).message).toContain("nested deeper than 500");
    expect(errorOf(() => toJsonData(nested(100_000))).code).toBe("INVALID_DATA");
  });

  test("keeps text as it is: any unicode, lone surrogates, NUL, long", () => {
    const text = { emoji: "👩‍👩‍👧", lone: "\ud800", nul: "a\0b", long: "ü".repeat(100_000), "": "empty key" };
    expect(toJsonData(text)).toEqual(text);
  });
});

describe("applyPatch", () => {
  test("replaces top-level keys, removes undefined ones, leaves the rest and its arguments alone", () => {
    const data = { a: 1, b: { c: 1 }, d: 1 };
    const patch = { b: { e: 2 }, d: undefined, f: null };
    expect(applyPatch(data, toDataPatch(patch))).toEqual({ a: 1, b: { e: 2 }, f: null });
    expect(data).toEqual({ a: 1, b: { c: 1 }, d: 1 });
  });

  test("[SEC-19] does not let a patch reach the prototype", () => {
    const merged = applyPatch(
      {},
      toDataPatch(JSON.parse('{"__proto__":{"admin":true},"x":{"__proto__":{"admin":true}}}')),
    );
    expect(merged).toEqual({ x: {} });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("holds the patch as it was when it was passed in", () => {
    const patch = { list: [1] };
    const copied = toDataPatch(patch);
    patch.list.push(2);
    expect(applyPatch({}, copied)).toEqual({ list: [1] });
  });
});

/** As `toJsonData` treats own `__proto__` keys. */
function withoutProto(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner) => (key === "__proto__" ? undefined : inner));
}

function hasProtoKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(hasProtoKey);
}
