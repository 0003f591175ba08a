import { describe, expect, test } from "bun:test";
import { createSessionId, hashSessionId, isSessionId } from "./session-id.ts";

const secureRandom = (bytes: Uint8Array): Uint8Array =>
  crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);

describe("createSessionId", () => {
  test("[SEC-01] gives 256 bits in base64url, never the same twice in 1e5 [ASVS 7.2.3, 11.5.1]", () => {
    const ids = new Set(Array.from({ length: 100_000 }, () => createSessionId(secureRandom)));
    expect(ids.size).toBe(100_000);
    for (const id of ids) expect(Buffer.from(id, "base64url").length).toBe(32);
  });

  test("uses every byte of the random source", () => {
    const counting = createSessionId((bytes) => bytes.fill(0).map((_, index) => index));
    expect(Buffer.from(counting, "base64url")).toEqual(Buffer.from(Array.from({ length: 32 }, (_, i) => i)));
  });

  test("takes a view into a larger buffer for what it shows of that", () => {
    const pool = new Uint8Array(64).fill(1, 0, 32).fill(2, 32);
    expect(createSessionId(() => pool.subarray(32))).toBe(Buffer.alloc(32, 2).toString("base64url"));
  });

  test("[SEC-01] passes on the failure of the random source", () => {
    expect(() =>
      createSessionId(() => {
        throw new Error("no entropy");
      }),
    ).toThrow("no entropy");
  });

  test.each([
    ["nothing", () => new Uint8Array(0)],
    ["too little", () => new Uint8Array(16).fill(7)],
    ["only zeros", (bytes: Uint8Array) => bytes.fill(0)],
  ])("[HOLE-14] refuses a random source that gives %s", (_, random) => {
    expect(() => createSessionId(random)).toThrow("random source");
  });
});

describe("isSessionId", () => {
  test("knows every id that is made", () => {
    for (let round = 0; round < 1000; round++) expect(isSessionId(createSessionId(secureRandom))).toBe(true);
  });

  const id = createSessionId(secureRandom);
  test.each<[string, unknown]>([
    ["a path", "../x"],
    ["a namespaced key", "a:b"],
    ["an index key", "user:42"],
    ["a pattern", "*"],
    ["a hash tag", "{tag}"],
    ["a NUL", "\0"],
    ["an id with a NUL", `${id.slice(0, 42)}\0`],
    ["an id with a line end", `${id}\n`],
    ["an id with a space", ` ${id}`],
    ["1 MB", "a".repeat(1_000_000)],
    ["the empty string", ""],
    ["a character short", id.slice(1)],
    ["a character long", `${id}A`],
    ["base64 rather than base64url", `${"+".repeat(42)}A`],
    ["bits that 32 bytes do not have", `${id.slice(0, 42)}B`],
    ["a percent-encoded character", `%41${id.slice(3)}`],
    ["an array", [id]],
    ["an object", { toString: () => id }],
    ["a String object", new String(id)],
    ["a number", 42],
    ["null", null],
    ["undefined", undefined],
  ])("refuses %s", (_, value) => {
    expect(isSessionId(value)).toBe(false);
  });
});

test("hashSessionId is SHA-256 in base64url", () => {
  // RFC 6234's test vector for "abc".
  expect(Buffer.from(hashSessionId("abc"), "base64url").toString("hex")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
