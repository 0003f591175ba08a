import { describe, expect, spyOn, test } from "bun:test";
import * as nodeCrypto from "node:crypto";
import { SessionError } from "@ventostack/auth-core";
import { type CookieSigningOptions, createCookieSigner } from "./cookie-signer.ts";
import { mistyped } from "./mistyped.test-kit.ts";

const ID = Buffer.alloc(32, 5).toString("base64url");
const OTHER = Buffer.alloc(32, 6).toString("base64url");
const [NEWEST, OLDER, OLDEST] = ["n", "o", "x"].map((letter) => letter.repeat(32)) as [
  string,
  string,
  string,
];
const signer = (secrets: string[], name = "sid", acceptUnsigned = false) =>
  createCookieSigner(name, { secrets, acceptUnsigned });

describe("without secrets", () => {
  const plain = createCookieSigner("sid", {});

  test("the cookie holds the id as it is", () => {
    expect([plain.seal(ID), plain.open(ID), plain.length]).toEqual([ID, ID, ID.length]);
  });

  test("and a signed one is none", () => {
    expect(plain.open(signer([NEWEST]).seal(ID))).toBeUndefined();
  });
});

describe("with secrets", () => {
  test("the cookie holds the id and the HMAC-SHA256 of the name and the id", () => {
    const signature = nodeCrypto.createHmac("sha256", NEWEST).update(`sid=${ID}`).digest("base64url");
    const { seal, length } = signer([NEWEST, OLDER]);
    expect(seal(ID)).toBe(`${ID}.${signature}`);
    expect(seal(ID).length).toBe(length);
  });

  test("the newest signs, and all verify", () => {
    const rotated = signer([NEWEST, OLDER, OLDEST]);
    for (const secret of [NEWEST, OLDER, OLDEST]) expect(rotated.open(signer([secret]).seal(ID))).toBe(ID);
    expect(rotated.seal(ID)).toBe(signer([NEWEST]).seal(ID));
  });

  test("a secret that has been taken out verifies no more", () => {
    expect(signer([NEWEST]).open(signer([OLDER]).seal(ID))).toBeUndefined();
  });

  test("the signature of a cookie of another name does not hold", () => {
    expect(signer([NEWEST], "__Host-sid").open(signer([NEWEST], "sid").seal(ID))).toBeUndefined();
  });

  const sealed = signer([NEWEST]).seal(ID);
  const signature = sealed.slice(ID.length + 1);
  const flipped = (text: string, at: number): string =>
    text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

  test.each<[string, string | undefined]>([
    ["no cookie", undefined],
    ["nothing", ""],
    ["an id without a signature", ID],
    ["an id with an empty signature", `${ID}.`],
    ["another id with the signature of this one", `${OTHER}.${signature}`],
    ["a signature that is an id", `${ID}.${OTHER}`],
    ["the signature twice", `${sealed}.${signature}`],
    ["a shorter signature", sealed.slice(0, -1)],
    ["a longer signature", `${sealed}A`],
    ["another separator", sealed.replace(".", ":")],
    ["the signature alone", `.${signature}`],
    ["a signature with padding", `${sealed}=`],
    ["a signature in base64", `${ID}.${Buffer.from(signature, "base64url").toString("base64")}`],
    ["a signature in hexadecimal", `${ID}.${Buffer.from(signature, "base64url").toString("hex")}`],
    ["letters of two bytes", `${ID}.${"ü".repeat(43)}`],
    [
      "a letter whose low byte is the right one",
      sealed.slice(0, -1) + String.fromCharCode(sealed.charCodeAt(86) + 256),
    ],
    ["quotes around it", `"${sealed}"`],
    ["a long value", `${sealed}${"A".repeat(10_000)}`],
  ])("%s is no id", (_, value) => {
    expect(signer([NEWEST, OLDER]).open(value)).toBeUndefined();
  });

  test("nor is one with any character changed", () => {
    for (let at = 0; at < sealed.length; at++)
      expect(signer([NEWEST]).open(flipped(sealed, at))).toBeUndefined();
  });

  test("[SEC-20] signatures are compared in constant time, as texts of one length [ASVS 11.2.4]", () => {
    using compare = spyOn(nodeCrypto, "timingSafeEqual");
    const { open } = signer([NEWEST, OLDER]);
    expect(open(signer([NEWEST]).seal(ID))).toBe(ID);
    expect(open(`${ID}.${OTHER}`)).toBeUndefined();
    expect(open(`${ID}.${"A".repeat(42)}`)).toBeUndefined();
    const lengths = compare.mock.calls.map(([one, other]) => [one.byteLength, other.byteLength]);
    expect(lengths).toEqual([43, 43, 43].map((length) => [length, length]));
  });
});

describe("acceptUnsigned", () => {
  test("takes the cookies from before, and signs what it hands out", () => {
    const moving = signer([NEWEST], "sid", true);
    expect([moving.open(ID), moving.open(signer([NEWEST]).seal(ID))]).toEqual([ID, ID]);
    expect(moving.seal(ID)).toBe(signer([NEWEST]).seal(ID));
  });

  test("takes no signature that does not hold", () => {
    expect(signer([NEWEST], "sid", true).open(signer([OLDER]).seal(ID))).toBeUndefined();
  });
});

describe("options that make no sense throw INVALID_OPTION, and show no secret", () => {
  const short = "a-secret-of-31-characters-------";
  test.each<[string, CookieSigningOptions, string]>([
    ["no secret", { secrets: [] }, "The option secrets is empty"],
    ["a setting that is missing", { secrets: mistyped(undefined) }, "The option secrets is undefined"],
    [
      "one that is missing in the list",
      { secrets: [NEWEST, mistyped(undefined)] },
      "secrets[1] is no string",
    ],
    ["a secret in place of the list", { secrets: mistyped(short) }, "The option secrets is no array"],
    ["a short one", { secrets: [NEWEST, short.slice(0, 31)] }, "secrets[1] has 31 characters"],
    ["bytes", { secrets: [mistyped(Buffer.from(short))] }, "secrets[0] is no string"],
    ["acceptUnsigned without them", { acceptUnsigned: true }, "acceptUnsigned needs secrets"],
    [
      "acceptUnsigned that is no boolean",
      { secrets: [NEWEST], acceptUnsigned: mistyped("yes") },
      "acceptUnsigned is",
    ],
  ])("%s", (_, options, message) => {
    let refused: unknown;
    try {
      createCookieSigner("sid", options);
    } catch (error) {
      refused = error;
    }
    if (!(refused instanceof SessionError)) throw new Error("It was taken.");
    expect(refused.code).toBe("INVALID_OPTION");
    expect(refused.message).toContain(message);
    expect(refused.message).not.toContain("a-secret");
  });

  test("a secret of 32 characters is long enough", () => {
    expect(signer([short.padEnd(32, "-")]).open(ID)).toBeUndefined();
  });
});
