import { describe, expect, test } from "bun:test";
import { SessionError } from "./session-error.ts";
import { resolveSessionOptions, type SessionOptions } from "./session-options.ts";

const numbers: [unknown, string][] = [
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "Infinity"],
  [-1, "-1"],
  ["60", '"60"'],
  [null, "null"],
  [{}, "an object"],
];

describe("options that make no sense throw INVALID_OPTION naming option and value", () => {
  test.each<[string, unknown, string]>([
    ...["ttl", "absoluteTtl", "storeTimeout", "touchInterval"].flatMap((option) =>
      numbers
        .filter(([value]) => value !== null || option === "absoluteTtl")
        .map(([value, shown]): [string, unknown, string] => [option, value, shown]),
    ),
    ["ttl", 0, "0"],
    ["ttl", 0.0004, "0.0004"],
    ["ttl", 3_153_600_001, "3153600001"],
    ["ttl", Number.MAX_VALUE, "1.7976931348623157e+308"],
    ["absoluteTtl", 0.0009, "0.0009"],
    ["absoluteTtl", Number.MAX_SAFE_INTEGER, "9007199254740991"],
    ["absoluteTtl", 0, "0"],
    ["storeTimeout", 0, "0"],
    ["storeTimeout", 2 ** 31, "2147483648"],
    ["touchInterval", 3600, "3600"],
    ["cookieName", "", '""'],
    ["cookieName", "a b", '"a b"'],
    ["cookieName", "a;b", '"a;b"'],
    ["cookieName", "a=b", '"a=b"'],
    ["cookieName", "a\r\nb", '"a\\r\\nb"'],
    ["cookieName", "ü", '"ü"'],
    ["cookieName", "\u00a0sid", '"\u00a0sid"'],
    ["cookieName", 7, "7"],
    ["prefix", 7, "7"],
    ["hashIds", "no", '"no"'],
    ["userIdOf", "userId", '"userId"'],
    ["clock", 5, "5"],
    ["random", 5, "5"],
  ])("%s: %p", (option, value, shown) => {
    let thrown: unknown;
    try {
      resolveSessionOptions({ [option]: value }, undefined);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SessionError);
    expect((thrown as SessionError).code).toBe("INVALID_OPTION");
    expect((thrown as SessionError).message).toContain(`option ${option} is ${shown}`);
  });
});

test("a lifetime out of bounds is told the bounds", () => {
  for (const option of ["ttl", "absoluteTtl"]) {
    expect(() => resolveSessionOptions({ [option]: 1e12 }, undefined)).toThrow(
      "it must be a number of seconds from 0.001 to 3153600000 (100 years)",
    );
  }
});

test("the bounds themselves are allowed", () => {
  const longest = {
    ttl: 3_153_600_000,
    absoluteTtl: 3_153_600_000,
    touchInterval: 0,
    storeTimeout: 2 ** 31 - 1,
  };
  expect(resolveSessionOptions(longest, undefined)).toMatchObject(longest);
  expect(resolveSessionOptions({ ttl: 0.001, absoluteTtl: 0.001 }, undefined)).toMatchObject({ ttl: 0.001 });
});

test("a misspelt option is refused, not ignored", () => {
  expect(() => resolveSessionOptions({ tttl: 60 } as SessionOptions, undefined)).toThrow(
    expect.objectContaining({
      code: "INVALID_OPTION",
      message: "There is no option tttl; did you mean ttl?",
    }),
  );
});

test("defaults are those of the documents", () => {
  expect(resolveSessionOptions({}, undefined)).toMatchObject({
    ttl: 3600,
    prefix: "session:",
    cookieName: "sid",
    hashIds: true,
    storeTimeout: 2000,
    absoluteTtl: undefined,
    touchInterval: 360,
  });
});

test("a store that names its own keys gets no prefix but a given one", () => {
  expect(resolveSessionOptions({}, "app:session:").prefix).toBe("");
  expect(resolveSessionOptions({ prefix: "x:" }, "app:session:").prefix).toBe("x:");
});

test("the user is data.userId, a string or a number", () => {
  const { userIdOf } = resolveSessionOptions({}, undefined);
  expect(userIdOf({ userId: "u1" })).toBe("u1");
  expect(userIdOf({ userId: 42 })).toBe("42");
  expect(userIdOf({ userId: { id: 1 } })).toBeUndefined();
  expect(userIdOf({})).toBeUndefined();
});
