import { describe, expect, test } from "bun:test";
import { SessionError } from "@ventostack/auth-core";
import { mistyped } from "./mistyped.test-kit.ts";
import { type CookieAttributes, serializeCookie } from "./set-cookie.ts";

const DAYS_400 = 400 * 24 * 60 * 60;

function errorOf(run: () => unknown): SessionError {
  try {
    run();
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("serializeCookie", () => {
  test("[SEC-11] is safe when told nothing [ASVS 3.3.1-3.3.4]", () => {
    expect(serializeCookie("sid", "abc")).toBe("sid=abc; Path=/; HttpOnly; Secure; SameSite=Lax");
  });

  test("writes every attribute that it is given", () => {
    expect(
      serializeCookie("a", "b", {
        maxAge: 60,
        path: "/app",
        domain: "example.com",
        httpOnly: true,
        secure: true,
        sameSite: "None",
        partitioned: true,
      }),
    ).toBe("a=b; Max-Age=60; Domain=example.com; Path=/app; HttpOnly; Secure; SameSite=None; Partitioned");
  });

  test("leaves out what it is told to leave out", () => {
    expect(serializeCookie("a", "b", { httpOnly: false, secure: false, sameSite: "Strict" })).toBe(
      "a=b; Path=/; SameSite=Strict",
    );
  });

  test("takes an attribute that is undefined for one that is not given", () => {
    const attributes = Object.fromEntries(
      ["maxAge", "path", "domain", "httpOnly", "secure", "sameSite", "partitioned"].map((name) => [
        name,
        undefined,
      ]),
    );
    expect(serializeCookie("a", "b", mistyped(attributes))).toBe(serializeCookie("a", "b"));
  });

  test.each([0, 1, DAYS_400])("takes a maxAge of %d seconds", (maxAge) => {
    expect(serializeCookie("a", "b", { maxAge })).toStartWith(`a=b; Max-Age=${maxAge}; `);
  });

  test.each(["example.com", ".example.com", "EXAMPLE.com", "localhost", "a-b.c--d.e", "127.0.0.1"])(
    "takes the domain %s",
    (domain) => {
      expect(serializeCookie("a", "b", { domain })).toContain(`; Domain=${domain};`);
    },
  );
});

describe("a value that makes no sense is refused, naming the option and the value:", () => {
  const attributes: [option: keyof CookieAttributes, shown: string, value: unknown][] = [
    ["maxAge", "34560001", DAYS_400 + 1],
    ["maxAge", "Infinity", Number.POSITIVE_INFINITY],
    ["maxAge", "NaN", Number.NaN],
    ["maxAge", "1.5", 1.5],
    ["maxAge", "-1", -1],
    ["maxAge", '"60"', "60"],
    ["maxAge", "null", null],
    ["maxAge", "60", 60n],
    ["path", '""', ""],
    ["path", '"app"', "app"],
    ["path", '"/;Domain=evil.example"', "/;Domain=evil.example"],
    ["path", String.raw`"/\r\nSet-Cookie: a=b"`, "/\r\nSet-Cookie: a=b"],
    ["path", '"/é"', "/é"],
    ["path", '"/ "', "/ "],
    ["path", '"/a b"', "/a b"],
    ["path", "null", null],
    ["path", "an array", ["/"]],
    ["domain", '""', ""],
    ["domain", '"evil.example; Path=/"', "evil.example; Path=/"],
    ["domain", '"a..b"', "a..b"],
    ["domain", '"example.com."', "example.com."],
    ["domain", '"-a.example"', "-a.example"],
    ["domain", '"a b"', "a b"],
    ["domain", '"münchen.example"', "münchen.example"],
    ["domain", String.raw`"a.example\n"`, "a.example\n"],
    ["domain", '"example.com:80"', "example.com:80"],
    ["domain", "null", null],
    ["domain", "an object", { toString: () => "a.example" }],
    ["sameSite", '"lax"', "lax"],
    ["sameSite", '"Lax; Domain=x"', "Lax; Domain=x"],
    ["sameSite", "false", false],
    ["sameSite", "an object", new String("Lax")],
    ["httpOnly", '"true"', "true"],
    ["httpOnly", "1", 1],
    ["secure", '"auto"', "auto"],
    ["secure", "0", 0],
    ["secure", "null", null],
    ["partitioned", '"yes"', "yes"],
    ["partitioned", "a function", () => true],
  ];
  test.each(attributes)("[SEC-12] [SEC-13] %s %s", (option, shown, value) => {
    const error = errorOf(() => serializeCookie("a", "b", mistyped({ [option]: value })));
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.message).toStartWith(`The option ${option} is ${shown}; `);
  });

  test.each<[unknown, string]>([
    ["", '""'],
    ["a b", '"a b"'],
    ["a=b", '"a=b"'],
    ["a;b", '"a;b"'],
    ["a\r\nb", String.raw`"a\r\nb"`],
    [" sid", '" sid"'],
    ["\u00a0sid", '"\u00a0sid"'],
    ["sïd", '"sïd"'],
    ["a,b", '"a,b"'],
    [undefined, "undefined"],
    [null, "null"],
    [7n, "7"],
    [Symbol("s"), "Symbol(s)"],
    [["sid"], "an array"],
  ])("name %p", (name, shown) => {
    for (const value of ["b", "not allowed"]) {
      const error = errorOf(() => serializeCookie(mistyped(name), value));
      expect(error.code).toBe("INVALID_OPTION");
      expect(error.message).toStartWith(`The option name is ${shown}; `);
    }
  });

  test.each<unknown>([
    " ",
    "a b",
    "a;b",
    "a,b",
    'a"b',
    "a\\b",
    '"quoted"',
    "a\r\nb",
    "a\0",
    "é",
    "\u007f",
    5,
    null,
    undefined,
    [["a"]],
  ])("[SEC-13] value %p, which is not shown: it may be a secret", (value) => {
    const error = errorOf(() => serializeCookie("sid", mistyped(value)));
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.message).toBe(
      'The value of the cookie "sid" has a character that no cookie may hold; encode it first.',
    );
  });
});

describe("sizes that browsers ignore are refused (RFC 6265bis 5.6, 5.7):", () => {
  test("[SEC-12] a name and a value of 4096 bytes together pass, of 4097 not [ASVS 3.3.5]", () => {
    expect(serializeCookie("sid", "x".repeat(4093))).toHaveLength(
      "; Path=/; HttpOnly; Secure; SameSite=Lax".length + 4097,
    );
    const error = errorOf(() => serializeCookie("sid", "x".repeat(4094)));
    expect([error.code, error.message]).toEqual([
      "INVALID_OPTION",
      "The name and the value of a cookie are 4097 bytes long together; browsers take 4096.",
    ]);
    expect(errorOf(() => serializeCookie("n".repeat(4097), "")).message).toContain("4097 bytes");
  });

  test("[SEC-12] an attribute of 1024 bytes passes, of 1025 not", () => {
    const path = `/${"p".repeat(1023)}`;
    const domain = "d".repeat(1024);
    expect(serializeCookie("a", "b", { path })).toContain(`; Path=${path};`);
    expect(serializeCookie("a", "b", { domain })).toContain(`; Domain=${domain};`);
    for (const [option, attributes] of [
      ["path", { path: `${path}p` }],
      ["domain", { domain: `${domain}d` }],
    ] as const) {
      const error = errorOf(() => serializeCookie("a", "b", attributes));
      expect([error.code, error.message]).toEqual([
        "INVALID_OPTION",
        `The option ${option} is 1025 bytes long; browsers ignore it beyond 1024.`,
      ]);
    }
  });
});

describe("combinations that browsers refuse are refused:", () => {
  const anyCase = (prefix: string): string[] => [
    prefix,
    prefix.toLowerCase(),
    prefix.toUpperCase(),
    `__${prefix.charAt(2).toLowerCase()}${prefix.slice(3)}`,
  ];
  const hostPrefixes = ["__Host-", "__Host-Http-"].flatMap(anyCase);
  const httpPrefixes = ["__Http-", "__Host-Http-"].flatMap(anyCase);
  const prefixes = ["__Secure-", "__Host-", "__Http-", "__Host-Http-"].flatMap(anyCase);

  test.each(prefixes)("[SEC-11] %s in any letter case without Secure [ASVS 3.3.1, 3.3.3]", (prefix) => {
    expect(serializeCookie(`${prefix}sid`, "x")).toStartWith(`${prefix}sid=x; `);
    const error = errorOf(() => serializeCookie(`${prefix}sid`, "x", { secure: false }));
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.message).toStartWith(
      `The option secure is false; browsers refuse a cookie with ${prefix} without`,
    );
  });

  test.each(hostPrefixes)(
    "[SEC-11] %s in any letter case with a Domain, or another Path than /",
    (prefix) => {
      const domain = errorOf(() => serializeCookie(`${prefix}sid`, "x", { domain: "a.example" }));
      expect(domain.message).toStartWith(
        `The option domain is "a.example"; browsers refuse a cookie with ${prefix}`,
      );
      const path = errorOf(() => serializeCookie(`${prefix}sid`, "x", { path: "/app" }));
      expect(path.message).toStartWith(`The option path is "/app"; browsers refuse a cookie with ${prefix}`);
      expect([domain.code, path.code]).toEqual(["INVALID_OPTION", "INVALID_OPTION"]);
    },
  );

  test.each(httpPrefixes)("%s in any letter case without HttpOnly", (prefix) => {
    const error = errorOf(() => serializeCookie(`${prefix}sid`, "x", { httpOnly: false }));
    expect(error.code).toBe("INVALID_OPTION");
    expect(error.message).toStartWith(
      `The option httpOnly is false; browsers refuse a cookie with ${prefix}`,
    );
  });

  test("[SEC-11] SameSite=None and Partitioned without Secure", () => {
    for (const attributes of [{ sameSite: "None" }, { partitioned: true }] as const) {
      expect(serializeCookie("a", "b", attributes)).toContain("; Secure;");
      const error = errorOf(() => serializeCookie("a", "b", { ...attributes, secure: false }));
      expect([error.code, error.message.startsWith("The option secure is false; ")]).toEqual([
        "INVALID_OPTION",
        true,
      ]);
    }
  });

  test("and a name that only resembles a prefix may do as it likes", () => {
    for (const name of ["_Host-sid", "__Hostsid", "__Host_sid", "sid__Host-", "__Secure"]) {
      expect(serializeCookie(name, "x", { secure: false, path: "/app", domain: "a.example" })).toBe(
        `${name}=x; Domain=a.example; Path=/app; HttpOnly; SameSite=Lax`,
      );
    }
  });
});
