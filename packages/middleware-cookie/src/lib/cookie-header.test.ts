import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { findCookie, parseCookie } from "./cookie-header.ts";

/** As a plain object: what `parseCookie` gives has no prototype. */
const cookies = (header: string | null | undefined): Record<string, string | undefined> => ({
  ...parseCookie(header),
});

describe("parseCookie", () => {
  test.each<[string, string | null | undefined, Record<string, string>]>([
    ["one cookie", "sid=abc", { sid: "abc" }],
    ["several", "sid=abc; theme=dark; lang=en", { sid: "abc", theme: "dark", lang: "en" }],
    ["no space after the semicolon", "a=1;b=2", { a: "1", b: "2" }],
    ["a value with equals signs", "a=b=c==", { a: "b=c==" }],
    ["an empty value", "a=; b=2", { a: "", b: "2" }],
    ["spaces and tabs around names and values", " \ta \t=\t 1 2 \t; b=\t", { a: "1 2", b: "" }],
    ["quotes, which are part of the value", 'a="x y"; b="', { a: '"x y"', b: '"' }],
    ["percent signs, which are not decoded", "a=%0d%0a%00; b=%", { a: "%0d%0a%00", b: "%" }],
    ["names that differ in case", "sid=1; SID=2; Sid=3", { sid: "1", SID: "2", Sid: "3" }],
    ["no header", null, {}],
    ["a header that is not there", undefined, {}],
    ["an empty header", "", {}],
    ["blanks alone", " \t ", {}],
    ["semicolons alone", ";; ; ;", {}],
    ["words without an equals sign", "sid; theme=dark; lang", { theme: "dark" }],
    ["a comma, which parts nothing", "a=1, b=2", { a: "1, b=2" }],
  ])("reads %s", (_, header, expected) => {
    expect(cookies(header)).toEqual(expected);
  });

  test("leaves out a name that occurs twice or more: their order tells nothing", () => {
    expect(cookies("sid=planted; theme=dark; sid=real")).toEqual({ theme: "dark" });
    expect(cookies("sid=1; sid=1; sid=1; sid=1")).toEqual({});
    expect(cookies("sid=; sid=real")).toEqual({});
  });

  test("takes nothing but spaces and tabs off a name (CVE-2026-39410)", () => {
    for (const blank of ["\u00a0", "\u000b", "\u000c", "\u2003", "\ufeff", "\r", "\n", "\0"]) {
      expect(cookies(`${blank}sid=planted`)).toEqual({ [`${blank}sid`]: "planted" });
      expect(cookies(`sid${blank}=planted`)).toEqual({ [`sid${blank}`]: "planted" });
      expect(cookies(`sid=real; ${blank}sid=planted`).sid).toBe("real");
      expect(cookies(`sid=x${blank}`).sid).toBe(`x${blank}`);
    }
  });

  test("does not decode names (CVE-2020-8184)", () => {
    expect(cookies("%73id=planted; __%48ost-sid=planted")).toEqual({
      "%73id": "planted",
      "__%48ost-sid": "planted",
    });
  });

  test("takes a name that is empty for one, not for the name after it (CVE-2023-23934)", () => {
    expect(cookies("=__Host-sid=planted")).toEqual({ "": "__Host-sid=planted" });
    expect(cookies("==sid=planted")).toEqual({ "": "=sid=planted" });
  });

  test("knows no $Version: it is a cookie like any other, and changes nothing for the rest", () => {
    expect(cookies('$Version=1; sid="a; b"; $Path=/')).toEqual({ $Version: "1", sid: '"a', $Path: "/" });
  });

  test("holds no name that was not sent, and those of Object.prototype like others", () => {
    const none = parseCookie("");
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(none[name]).toBeUndefined();
      expect(parseCookie(`${name}=x`)[name]).toBe("x");
      expect(parseCookie(`${name}=x; ${name}=y`)[name]).toBeUndefined();
    }
    expect(Object.keys(parseCookie("__proto__=x; a=1"))).toEqual(["__proto__", "a"]);
    expect(Object.getPrototypeOf(parseCookie("__proto__=x"))).toBeNull();
  });
});

describe("findCookie", () => {
  const pieces = [
    "sid",
    "=",
    ";",
    " ",
    "\t",
    "\u00a0",
    "s",
    "id",
    "; ",
    "sid=",
    "; sid=",
    "__proto__=",
    '"',
    "%73id=",
    "\0",
    "é",
  ];
  const piece = fc.constantFrom(...pieces);
  const pair = fc
    .tuple(fc.constantFrom("", " ", "\t"), piece, piece)
    .map(([blank, one, other]) => `${blank}${one}=${other}`);
  const header = fc.oneof(
    fc.array(pair, { maxLength: 6 }).map((pairs) => pairs.join(";")),
    fc.array(piece, { maxLength: 30 }).map((chosen) => chosen.join("")),
    fc.string({ unit: "binary", maxLength: 60 }),
  );
  const name = fc.oneof(
    fc.constantFrom(
      "sid",
      "",
      "s",
      "id",
      "__proto__",
      "\u00a0sid",
      " sid",
      "sid=",
      "sid;",
      ";",
      "=",
      "sid ",
      "%73id",
    ),
    fc.string({ unit: "binary", maxLength: 5 }),
  );

  test("gives what parseCookie gives, for any header and any name, and never throws", () => {
    let found = 0;
    fc.assert(
      fc.property(header, name, (text, wanted) => {
        const value = findCookie(text, wanted);
        expect(value).toBe(parseCookie(text)[wanted]);
        if (value !== undefined) found++;
      }),
      { numRuns: 20_000 },
    );
    expect(found).toBeGreaterThan(500);
  });

  test("finds every cookie that parseCookie lists", () => {
    let listed = 0;
    fc.assert(
      fc.property(header, (text) => {
        for (const [each, value] of Object.entries(parseCookie(text))) {
          expect(findCookie(text, each)).toBe(value);
          listed++;
        }
      }),
      { numRuns: 10_000 },
    );
    expect(listed).toBeGreaterThan(1000);
  });

  test.each([
    ["where the name begins another", "sidebar=1; sid=real", "real"],
    ["where the name ends another", "asid=1; sid=real", "real"],
    ["where the name is in a value", "a=sid; b=sid=1; sid=real", "real"],
    ["where the name stands alone", "sid; sid=real", "real"],
    ["after a repeated name of another", "a=1; a=2; sid=real", "real"],
  ])("finds the cookie %s", (_, text, expected) => {
    expect(findCookie(text, "sid")).toBe(expected);
  });

  test.each<[string, string | null | undefined]>([
    ["no header", null],
    ["a header that is not there", undefined],
    ["an empty header", ""],
    ["the name in another case", "SID=x"],
    ["two cookies of the name", "sid=a; sid=b"],
    ["two cookies of the name, the first empty", "sid=; sid=b"],
    ["two cookies of the name, with blanks between", "sid=a; \t sid \t=b"],
  ])("finds none in %s", (_, text) => {
    expect(findCookie(text, "sid")).toBeUndefined();
  });
});

describe("a header of 100 kB", () => {
  const length = 100_000;
  const cruel = ["; ", ";", "=;", "sid;", "sid=;", "sid=sid=", "sid", "sid ;", " ", "a;", "\t;\t"];

  test.each(cruel)("of %j is looked at a fixed number of times, not once for every cookie", (piece) => {
    const text = `${piece.repeat(Math.ceil(length / piece.length))};sid`;
    expect(charactersLookedAt(() => parseCookie(text))).toBeWithin(length, 6 * text.length);
    expect(charactersLookedAt(() => findCookie(text, "sid"))).toBeWithin(1, 6 * text.length);
  });
});

/** How many characters string methods looked at while `run` ran: the work, whatever the time it took. */
function charactersLookedAt(run: () => unknown): number {
  const methods = ["indexOf", "lastIndexOf", "includes", "split", "charCodeAt", "trim"] as const;
  const original = Object.fromEntries(methods.map((method) => [method, String.prototype[method]]));
  let count = 0;
  for (const method of methods) {
    String.prototype[method] = function (this: string, ...args: unknown[]) {
      const answer = Reflect.apply(original[method] as () => never, this, args);
      count += cost(method, this.length, args[1], answer);
      return answer;
    };
  }
  try {
    run();
  } finally {
    Object.assign(String.prototype, original);
  }
  return count;
}

function cost(method: string, length: number, from: unknown, answer: unknown): number {
  if (method === "charCodeAt") return 1;
  if (method === "indexOf" && typeof answer === "number") {
    const start = Math.min(Number(from ?? 0), length);
    return (answer === -1 ? length : answer) - start + 1;
  }
  if (method === "lastIndexOf" && typeof answer === "number")
    return Math.min(Number(from ?? length), length) - answer;
  return length;
}
