import { describe, expect, test } from "bun:test";
import { SessionError } from "@ventostack/auth-core";
import { createTestClock } from "@ventostack/testing";
import { mistyped } from "./mistyped.test-kit.ts";
import { createSessionCookie, type SessionCookie, type SessionCookieOptions } from "./session-cookie.ts";

const ID = `${"i".repeat(42)}A`;
const OTHER_ID = `${"o".repeat(42)}A`;
const DAYS_400 = 400 * 24 * 60 * 60;

const clock = createTestClock();
const named = (cookieName: string, options?: SessionCookieOptions): SessionCookie =>
  createSessionCookie({ cookieName, clock }, options);
const request = (url: string, headers: Record<string, string> = {}): Request => new Request(url, { headers });
const https = request("https://a.example/");
const http = request("http://a.example/");

describe("read", () => {
  const read = (cookie: string | undefined): string | undefined =>
    named("sid").read(request("http://a.example/", cookie === undefined ? {} : { cookie }));

  test("gives the id of the one cookie with the name", () => {
    expect(read(`sid=${ID}`)).toBe(ID);
    expect(read(`a=1; sid=${ID}; b=2`)).toBe(ID);
  });

  test.each<[string, string | undefined]>([
    ["no Cookie header", undefined],
    ["an empty one", ""],
    ["other cookies", `a=${ID}; SID=${ID}; xsid=${ID}`],
    ["two cookies of the name, whatever their order", `sid=${ID}; sid=${OTHER_ID}`],
    ["two that agree", `sid=${ID}; sid=${ID}`],
    ["two of which one is junk", `sid=junk; sid=${ID}`],
    ["an empty value (CVE-2015-3982)", "sid="],
    ["quotes around the id", `sid="${ID}"`],
    ["a percent-encoded character", `sid=%69${ID.slice(1)}`],
    ["a character too few", `sid=${ID.slice(1)}`],
    ["a character too many", `sid=${ID}A`],
    ["U+00A0 before the name (CVE-2026-39410)", `a=1; \u00a0sid=${ID}`],
    ["U+00A0 before the id", `sid=\u00a0${ID}`],
    ["a nameless cookie that looks like ours (CVE-2023-23934)", `=sid=${ID}`],
  ])("gives nothing for %s", (_, cookie) => {
    expect(read(cookie)).toBeUndefined();
  });
});

describe("issue", () => {
  test("[SEC-11] hands the id out until the session ends, with safe attributes", () => {
    expect(named("sid").issue(http, ID, clock() + 3_600_000)).toBe(
      `sid=${ID}; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
  });

  test.each([
    [3_600_000, 3600],
    [3_599_001, 3600],
    [1, 1],
    [0, 0],
    [-5000, 0],
    [DAYS_400 * 1000, DAYS_400],
    [DAYS_400 * 1000 + 1, DAYS_400],
    [Number.MAX_SAFE_INTEGER, DAYS_400],
  ])("of %d ms left makes Max-Age=%d: rounded up, at most 400 days [ASVS 3.3.5]", (left, maxAge) => {
    expect(named("sid").issue(http, ID, clock() + left)).toStartWith(`sid=${ID}; Max-Age=${maxAge}; Path=/`);
  });
});

describe("clear", () => {
  test("removes by age and by date, for browsers old and new", () => {
    expect(named("sid").clear(http)).toBe(
      "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly; Secure; SameSite=Lax",
    );
  });

  const options: SessionCookieOptions[] = [
    {},
    { secure: false },
    { secure: "auto" },
    { path: "/app", domain: "a.example", sameSite: "Strict" },
    { sameSite: "None", partitioned: true },
  ];
  test.each(options)(
    "[SEC-17] has the attributes that the cookie was set with: %j [ASVS 14.3.1]",
    (given) => {
      for (const over of [http, https]) {
        const cookie = named("sid", given);
        const attributes = (header: string): string[] =>
          header.split("; ").filter((part) => !/^(sid|Max-Age|Expires)=/.test(part));
        const issued = attributes(cookie.issue(over, ID, clock() + 1000));
        expect(attributes(cookie.clear(over))).toEqual(issued);
        expect(issued).toContain(`SameSite=${given.sameSite ?? "Lax"}`);
        expect(issued).toContain(`Path=${given.path ?? "/"}`);
        expect(issued.includes("Partitioned")).toBe(given.partitioned ?? false);
        expect(issued.includes("Domain=a.example")).toBe(given.domain !== undefined);
      }
    },
  );
});

describe("Secure", () => {
  const forwarded = (value: string, url = "http://a.example/"): Request =>
    request(url, { "x-forwarded-proto": value });
  const isSecure = (options: SessionCookieOptions, over: Request): boolean => {
    const cookie = named("sid", options);
    const both = [cookie.issue(over, ID, clock() + 1000), cookie.clear(over)];
    const secure = both.map((header) => header.split("; ").includes("Secure"));
    expect(secure[0]).toBe(secure[1] ?? false);
    return secure[0] ?? false;
  };

  test.each<[SessionCookieOptions, over: [http: boolean, https: boolean]]>([
    [{}, [true, true]],
    [{ secure: true }, [true, true]],
    [{ secure: "auto" }, [false, true]],
    [{ secure: false }, [false, false]],
    [{ secure: true, trustProxy: true }, [true, true]],
    [{ secure: false, trustProxy: true }, [false, false]],
  ])("with %j is on over http and https: %j", (options, expected) => {
    expect([isSecure(options, http), isSecure(options, https)]).toEqual(expected);
  });

  test("[SEC-14] X-Forwarded-Proto changes nothing unless the proxy is trusted", () => {
    for (const secure of [true, false, "auto"] as const) {
      for (const proto of ["https", "http"]) {
        expect(isSecure({ secure }, forwarded(proto))).toBe(isSecure({ secure }, http));
        expect(isSecure({ secure }, forwarded(proto, https.url))).toBe(isSecure({ secure }, https));
      }
    }
  });

  test.each([
    ["https", true],
    ["HTTPS", true],
    [" https , http", true],
    ["http", false],
    ["http, https", false],
    ["httpsx", false],
    ["", false],
  ])("a trusted proxy's X-Forwarded-Proto: %j makes it %p", (value, expected) => {
    expect(isSecure({ secure: "auto", trustProxy: true }, forwarded(value))).toBe(expected);
  });

  test("[SEC-14] even a trusted proxy never lowers it", () => {
    expect(isSecure({ secure: "auto", trustProxy: true }, forwarded("http", https.url))).toBe(true);
    expect(isSecure({ secure: true, trustProxy: true }, forwarded("http"))).toBe(true);
  });
});

describe("over a raw connection", () => {
  /** What the server makes of a request with this first line and these header lines. */
  async function ask(
    firstLine: string,
    ...lines: string[]
  ): Promise<{ id: string | null; setCookie: string }> {
    const cookie = named("sid", { secure: "auto" });
    await using server = Bun.serve({
      port: 0,
      fetch: (received) =>
        Response.json({
          id: cookie.read(received) ?? null,
          setCookie: cookie.issue(received, ID, clock() + 1000),
        }),
    });
    const answer = Promise.withResolvers<string>();
    let text = "";
    const socket = await Bun.connect({
      hostname: "localhost",
      port: Number(server.port),
      socket: {
        data: (_, chunk) => {
          text += chunk.toString();
        },
        close: () => answer.resolve(text),
      },
    });
    socket.write(Buffer.from([firstLine, ...lines, "Connection: close", "", ""].join("\r\n"), "latin1"));
    return JSON.parse((await answer.promise).split("\r\n\r\n")[1] ?? "");
  }

  test("one cookie is read, from one header line of several", async () => {
    expect((await ask("GET / HTTP/1.1", "Host: a.example", `Cookie: a=1; sid=${ID}`)).id).toBe(ID);
    expect((await ask("GET / HTTP/1.1", "Host: a.example", "Cookie: a=1", `cookie: sid=${ID}`)).id).toBe(ID);
  });

  test.each([
    ["two header lines with one each", [`Cookie: sid=${ID}`, `Cookie: sid=${OTHER_ID}`]],
    ["U+00A0 before the name (CVE-2026-39410)", [`Cookie: \u00a0sid=${ID}`]],
    ["U+00A0 in UTF-8 before the name", [`Cookie: \u00c2\u00a0sid=${ID}`]],
    ["U+00A0 after the id", [`Cookie: sid=${ID}\u00a0`]],
  ])("no id is read from %s", async (_, lines) => {
    expect((await ask("GET / HTTP/1.1", "Host: a.example", ...lines)).id).toBeNull();
  });

  test("Secure is left out only where the request tells that it came over plain http", async () => {
    const secure = async (...request: [string, ...string[]]): Promise<boolean> =>
      (await ask(...request)).setCookie.includes("; Secure;");
    expect(await secure("GET / HTTP/1.1", "Host: a.example")).toBe(false);
    // Bun gives a bare path for a URL then.
    expect(await secure("GET / HTTP/1.0")).toBe(true);
    expect(await secure("GET / HTTP/1.1", "Host: https://a.example")).toBe(true);
  });
});

describe("attributes that a browser would refuse are refused at construction:", () => {
  const refused: [name: string, options: unknown, message: string][] = [
    ["__Host-sid", { secure: "auto" }, 'The option secure is "auto"; browsers refuse a cookie with __Host-'],
    ["__host-sid", { secure: "auto" }, 'The option secure is "auto"; browsers refuse a cookie with __host-'],
    [
      "__Secure-sid",
      { secure: "auto" },
      'The option secure is "auto"; browsers refuse a cookie with __Secure-',
    ],
    ["__Host-sid", { secure: false }, "The option secure is false; browsers refuse a cookie with __Host-"],
    ["__Host-sid", { domain: "a.example" }, 'The option domain is "a.example"; '],
    ["__Host-sid", { path: "/app" }, 'The option path is "/app"; '],
    [
      "sid",
      { secure: "auto", sameSite: "None" },
      'The option secure is "auto"; browsers refuse a cookie with SameSite=None',
    ],
    [
      "sid",
      { secure: "auto", partitioned: true },
      'The option secure is "auto"; browsers refuse a cookie with Partitioned',
    ],
    ["sid", { secure: false, sameSite: "None" }, "The option secure is false; "],
    ["sid", { secure: "yes" }, 'The option secure is "yes"; '],
    ["sid", { secure: null }, "The option secure is null; "],
    ["sid", { trustProxy: "true" }, 'The option trustProxy is "true"; '],
    ["sid", { path: "/\r\n" }, String.raw`The option path is "/\r\n"; `],
    ["sid", { path: null }, "The option path is null; "],
    ["sid", { domain: "a;b" }, 'The option domain is "a;b"; '],
    ["sid", { sameSite: "none" }, 'The option sameSite is "none"; '],
    ["sid", { partitioned: 1 }, "The option partitioned is 1; "],
  ];
  test.each(refused)("%s %j", (name, options, message) => {
    const construct = (): SessionCookie => named(name, mistyped(options));
    expect(construct).toThrow(SessionError);
    expect(construct).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(message) }),
    );
  });

  test("a name that leaves no room for an id", () => {
    expect(() => named("n".repeat(4054))).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: "The name and the value of a cookie are 4097 bytes long together; browsers take 4096.",
      }),
    );
  });

  test("while these stand", () => {
    expect(named("__Host-sid").issue(http, ID, clock() + 1000)).toBe(
      `__Host-sid=${ID}; Max-Age=1; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
    expect(named("__Secure-sid", { domain: "a.example", path: "/app" }).clear(http)).toContain("; Secure;");
    expect(named("n".repeat(4053)).issue(http, ID, clock())).toStartWith("nnn");
  });
});
