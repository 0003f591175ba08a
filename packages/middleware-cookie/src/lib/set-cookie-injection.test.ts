import { describe, expect, test } from "bun:test";
import { SessionError } from "@ventostack/auth-core";
import fc from "fast-check";
import { Cookie } from "tough-cookie";
import { mistyped } from "./mistyped.test-kit.ts";
import { type CookieAttributes, MAX_AGE_LIMIT, serializeCookie } from "./set-cookie.ts";

describe("no option can end its attribute or the header (CVE-2024-47764):", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc
      .array(
        fc.constantFrom(
          "a",
          "/",
          ".",
          "-",
          ";",
          "\r\n",
          "\n",
          "\0",
          "\t",
          " ",
          "=",
          ",",
          '"',
          "é",
          "\u00a0",
          "\u2028",
          "\u010a",
          "Secure",
          "; Domain=x",
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join("")),
  );
  const anything = fc.oneof(nasty, fc.anything());
  /** Mostly what is valid: one thing that is not makes the whole cookie refused. */
  const mostly = (valid: fc.Arbitrary<unknown>, ...others: fc.Arbitrary<unknown>[]) =>
    fc.oneof(
      { arbitrary: valid, weight: 5 },
      { arbitrary: anything, weight: 1 },
      ...others.map((arbitrary) => ({ arbitrary, weight: 1 })),
    );
  const text = (valid: string[], start = "") =>
    mostly(
      fc.constantFrom(...valid),
      nasty.map((tail) => start + tail),
    );
  const flag = mostly(fc.boolean());
  const attributes = fc.record(
    {
      maxAge: mostly(fc.integer({ min: 0, max: MAX_AGE_LIMIT }), fc.double()),
      path: text(["/", "/app", "/a/b?c#d"], "/"),
      domain: text(["example.com", ".a.example", "X.example"]),
      httpOnly: flag,
      secure: flag,
      sameSite: text(["Lax", "Strict", "None"]),
      partitioned: flag,
    },
    { requiredKeys: [] },
  );

  /** What the application asked for, or `undefined` where it was refused. */
  function trySerialize(name: unknown, value: unknown, asked: unknown): string | undefined {
    try {
      return serializeCookie(mistyped(name), mistyped(value), mistyped(asked));
    } catch (error) {
      expect(error).toBeInstanceOf(SessionError);
      expect(error).toHaveProperty("code", "INVALID_OPTION");
      return undefined;
    }
  }

  function expectExactly(header: string, name: string, value: string, asked: CookieAttributes): void {
    expect(header).toMatch(/^[\x20-\x7e]*$/);
    const { key, path, domain, maxAge, httpOnly, secure, sameSite, extensions, ...cookie } =
      Cookie.parse(header, { loose: false }) ?? new Cookie();
    expect({
      key,
      value: cookie.value,
      path,
      domain,
      maxAge,
      httpOnly,
      secure,
      sameSite,
      extensions,
    }).toEqual({
      key: name,
      value,
      path: asked.path ?? "/",
      // A leading dot and the letters' case mean nothing (RFC 6265bis 5.6.3).
      domain: asked.domain?.replace(/^\./, "").toLowerCase() ?? null,
      maxAge: asked.maxAge === undefined ? null : Math.abs(asked.maxAge),
      httpOnly: asked.httpOnly ?? true,
      secure: asked.secure ?? true,
      sameSite: (asked.sameSite ?? "Lax").toLowerCase(),
      extensions: asked.partitioned ? ["Partitioned"] : null,
    });
  }

  test("[SEC-13] [HOLE-12] whatever the attributes are, they are refused or a parser reads exactly what was asked", () => {
    let accepted = 0;
    fc.assert(
      fc.property(attributes, (asked) => {
        const header = trySerialize("sid", "abc", asked);
        if (header === undefined) return;
        accepted++;
        expectExactly(header, "sid", "abc", mistyped(asked));
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  test("[SEC-13] [HOLE-12] whatever one attribute is, with all others left alone", () => {
    let accepted = 0;
    const one = attributes.chain((all) => fc.constantFrom(...Object.entries(all), undefined));
    fc.assert(
      fc.property(one, (entry) => {
        const asked = Object.fromEntries(entry === undefined ? [] : [entry]);
        const header = trySerialize("sid", "abc", asked);
        if (header === undefined) return;
        accepted++;
        expectExactly(header, "sid", "abc", mistyped(asked));
      }),
      { numRuns: 10_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  test("[SEC-13] [HOLE-12] whatever name and value are", () => {
    let accepted = 0;
    fc.assert(
      fc.property(text(["sid", "a", "__Host-a"]), text(["", "abc", "%20"]), (name, value) => {
        const header = trySerialize(name, value, {});
        if (header === undefined) return;
        accepted++;
        expectExactly(header, mistyped(name), mistyped(value), {});
      }),
      { numRuns: 10_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});
