import { describe, expect, test } from "bun:test";
import { isSessionId } from "@ventostack/auth-core";
import { type CookieIdentity, isAbout, readHandWritten } from "./hand-written-cookie.ts";
import { createVisits, idFrom, type VisitHandler } from "./visits.test-kit.ts";

const idIn = (value: string) => (isSessionId(value) ? value : undefined);
const SID = { name: "sid", path: "/", domain: undefined, idIn };

const ID = `${"i".repeat(42)}A`;
const NOW = Date.parse("2026-01-01T00:00:00Z");
const PAST = "Thu, 01 Jan 1970 00:00:00 GMT";
const FUTURE = "Fri, 01 Jan 2027 00:00:00 GMT";

function removedByBun(cookie: string): string[] {
  const cookies = new Bun.CookieMap(cookie);
  cookies.delete("sid");
  return cookies.toSetCookieHeaders();
}

const answering =
  (...setCookies: string[]): VisitHandler =>
  () => {
    const response = new Response("done");
    for (const header of setCookies) response.headers.append("Set-Cookie", header);
    return response;
  };

describe("readHandWritten", () => {
  const read = (...setCookies: string[]) =>
    readHandWritten(
      new Headers(setCookies.map((header): [string, string] => ["set-cookie", header])),
      SID,
      NOW,
    );

  test.each<[string, string[]]>([
    ["as the documentation writes it", [`sid=${ID}; HttpOnly; Secure; SameSite=Strict; Max-Age=3600`]],
    ["without attributes", [`sid=${ID}`]],
    ["with blanks", [` sid\t= ${ID} ;Path=/`]],
    ["after others", ["a=1", `sid=${ID}`, "b=2"]],
    ["after a removal, the last counting", ["sid=; Max-Age=0", `sid=${ID}`]],
    ["with an end to come", [`sid=${ID}; Expires=${FUTURE}`]],
    [
      "with a Max-Age that outdoes a past Expires (RFC 6265bis 5.7)",
      [`sid=${ID}; Max-Age=60; Expires=${PAST}`],
    ],
    ["with the last Max-Age counting", [`sid=${ID}; Max-Age=0; Max-Age=60`]],
    ["with an Expires that browsers cannot read", [`sid=${ID}; Expires=0`]],
    ["with a Max-Age that browsers cannot read", [`sid=${ID}; Max-Age=0s`]],
  ])("finds an id %s", (_, setCookies) => {
    expect(read(...setCookies)).toEqual({ id: ID });
  });

  test.each<[string, string[]]>([
    ["as the documentation writes it", ["sid=; Max-Age=0"]],
    ["without a value", ["sid="]],
    ["as Express writes it", [`sid=; Path=/; Expires=${PAST}`]],
    ["as Bun writes it", removedByBun("sid=x")],
    ["with the id as value, and an age of zero", [`sid=${ID}; max-age = 0 ; Path=/`]],
    ["with the id as value, and an age below zero", [`sid=${ID}; Max-Age=-1`]],
    ["with the id as value, and a date in the past", [`sid=${ID}; expires=${PAST}`]],
    ["with a word as value, and a date in the past", [`sid=deleted; Expires=${PAST}`]],
    ["with the last Max-Age counting", [`sid=${ID}; Max-Age=60; Max-Age=0`]],
    ["after an id, the last counting", [`sid=${ID}`, "sid=; Max-Age=0"]],
  ])("finds a removal %s", (_, setCookies) => {
    expect(read(...setCookies)).toBe("clear");
  });

  test.each<[string, string[]]>([
    ["a removal for another path", ["sid=; Path=/auth; Max-Age=0"]],
    ["a removal for a path in other letters, which is another path", ["sid=; Path=/Auth; Max-Age=0"]],
    ["a removal for another domain", ["sid=; Domain=example.com; Max-Age=0"]],
    ["a removal for another path, the last one counting", ["sid=; Path=/; Max-Age=0; Path=/auth"]],
    ["a word for another path", [`sid=deleted; Path=/auth; Expires=${PAST}`]],
    ["no Set-Cookie", []],
    ["other cookies", [`xsid=${ID}`, `SID=${ID}`, "sid2=; Max-Age=0", "a=sid="]],
    ["a name with U+00A0 before it, which is another's (CVE-2026-39410)", [`\u00a0sid=${ID}`]],
    ["a nameless cookie (CVE-2023-23934)", [`=sid=${ID}`, "sid"]],
    ["a value that is no id", ["sid=something"]],
    ["an id in quotes", [`sid="${ID}"`]],
  ])("finds nothing in %s", (_, setCookies) => {
    expect(read(...setCookies)).toBeUndefined();
  });
});

describe("isAbout", () => {
  const app = { name: "sid", path: "/app", domain: ".Example.com", idIn };
  const host = { ...app, domain: undefined };

  test.each<[string, string, CookieIdentity]>([
    ["no path and no domain", "sid=", app],
    ["an empty path and domain, which browsers take for none", "sid=; Path=; Domain=", app],
    ["a path without a slash, which browsers take for none", "sid=; Path=app", app],
    ["the same path", "sid=; path = /app ", app],
    ["the same domain, with a dot, without, and in other letters", "sid=; Domain=example.COM", app],
    ["the same domain and path", "sid=; Domain=.example.com; Path=/app", app],
    ["the last path being the same", "sid=; Path=/; Path=/app", app],
    ["an id, wherever it was to be sent", `sid=${ID}; Path=/auth; Domain=other.example`, app],
    ["an id, for a domain where none is configured", `sid=${ID}; Domain=example.com`, host],
  ])("%s: about the session", (_, header, identity) => {
    expect(isAbout(header, identity)).toBe(true);
  });

  test.each<[string, string, CookieIdentity]>([
    ["another path", "sid=; Path=/", app],
    ["the path in other letters", "sid=; Path=/App", app],
    ["a path below", "sid=; Path=/app/", app],
    ["another domain", "sid=; Domain=www.example.com", app],
    ["a domain where none is configured", "sid=; Domain=example.com", host],
    ["another name with an id", `SID=${ID}`, app],
  ])("%s: another cookie", (_, header, identity) => {
    expect(isAbout(header, identity)).toBe(false);
  });
});

describe("a handler that signs in by hand", () => {
  const loggingIn =
    ({ manager }: ReturnType<typeof createVisits>, attributes: string): VisitHandler =>
    async () => {
      const { id } = await manager.create({ userId: "u1" });
      return answering(
        "theme=dark",
        `sid=${id}; ${attributes}`,
      )({ request: new Request("https://a.example"), state: {} });
    };

  test("without Path, as documented, has the cookie sent with Path=/ and the middleware's attributes", async () => {
    const visits = createVisits({ middleware: { sameSite: "None", domain: "a.example" } });
    const { cookies, response } = await visits.visit(
      undefined,
      loggingIn(visits, "HttpOnly; Secure; SameSite=Strict; Max-Age=3600"),
    );
    const [theme, cookie = ""] = cookies;
    const id = idFrom([cookie]);
    expect([theme, cookie, cookies.length]).toEqual([
      "theme=dark",
      `sid=${id}; Max-Age=3600; Domain=a.example; Path=/; HttpOnly; Secure; SameSite=None`,
      2,
    ]);
    expect([response.headers.get("cache-control"), await response.text()]).toEqual(["no-store", "done"]);
    expect((await visits.visit(`sid=${id}`)).ctx.state.session).toEqual({ userId: "u1" });
  });

  test("with another Path has the cookie sent with the middleware's all the same, and nowhere else", async () => {
    const visits = createVisits();
    const before = await visits.signIn({ cart: ["book"] });
    const { cookies } = await visits.visit(before.cookie, loggingIn(visits, "Path=/auth; Max-Age=3600"));
    const id = idFrom(cookies.slice(1));
    expect(cookies.slice(1)).toEqual([`sid=${id}; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax`]);
    expect([visits.held(before.id), visits.held(id)?.data]).toEqual([null, { userId: "u1" }]);
  });

  test("ends the session from before the log-in [ASVS 7.2.4, CVE-2022-25896]", async () => {
    const visits = createVisits();
    const before = await visits.signIn({ cart: ["book"] });
    const { cookies } = await visits.visit(before.cookie, loggingIn(visits, "Max-Age=3600"));
    const id = idFrom(cookies.slice(1));
    expect([id === before.id, visits.held(before.id), visits.held(id)?.data]).toEqual([
      false,
      null,
      { userId: "u1" },
    ]);
    expect(visits.calls()).toEqual(["load", "insert", "delete"]);
  });

  test("gets a cookie as long as the session may live, not as long as was written by hand", async () => {
    for (const [session, maxAge] of [
      [{ ttl: 100 }, 100],
      [{ ttl: 100, absoluteTtl: 50 }, 50],
    ] as const) {
      const visits = createVisits({ session });
      const { cookies } = await visits.visit(undefined, loggingIn(visits, "Max-Age=86400"));
      expect(cookies[1]).toContain(`; Max-Age=${maxAge}; `);
    }
  });

  test("is asked for nothing more later: the cookie is renewed like any other", async () => {
    const visits = createVisits();
    const { cookies } = await visits.visit(undefined, loggingIn(visits, "Max-Age=3600"));
    const id = idFrom(cookies.slice(1));
    visits.clock.advance(3_600_000 - 1);
    expect((await visits.visit(`sid=${id}`)).cookies).toEqual([
      `sid=${id}; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
  });
});

describe("a handler that sends the current session's cookie by hand", () => {
  test("keeps the session, and the cookie lives as long as a session just touched", async () => {
    const visits = createVisits();
    const { id, cookie } = await visits.signIn();
    visits.clock.advance(100_000);
    const { cookies } = await visits.visit(cookie, async (ctx) => {
      await visits.manager.touch(id);
      return answering(`sid=${id}; Max-Age=3600`)(ctx);
    });
    expect(cookies).toEqual([`sid=${id}; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax`]);
    expect(visits.held(id)?.expiresAt).toBe(visits.clock() + 3_600_000);
  });
});

describe("a handler that signs out by hand", () => {
  test("without Path, as documented, has the cookie removed with the attributes it was set with [ASVS 14.3.1]", async () => {
    const visits = createVisits({ middleware: { path: "/app", sameSite: "Strict" } });
    const { id, cookie } = await visits.signIn();
    const { cookies, response } = await visits.visit(cookie, async (ctx) => {
      await visits.manager.destroy(String(ctx.state.sessionId));
      return answering("sid=; Max-Age=0")(ctx);
    });
    expect(cookies).toEqual([
      "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/app; HttpOnly; Secure; SameSite=Strict",
    ]);
    expect([visits.held(id), response.headers.get("cache-control")]).toEqual([null, "no-store"]);
  });

  test("with the id as the value is not signed in again by it", async () => {
    const visits = createVisits();
    const { id, cookie } = await visits.signIn();
    const { cookies } = await visits.visit(cookie, answering(`sid=${id}; Expires=${PAST}`));
    expect(idFrom(cookies)).toBe("");
  });

  test("is not signed in again where the session is also due for a refresh", async () => {
    const visits = createVisits();
    const { cookie } = await visits.signIn();
    visits.clock.advance(1_800_000);
    const { cookies } = await visits.visit(cookie, answering("sid=; Max-Age=0"));
    expect([idFrom(cookies), visits.calls()]).toEqual(["", ["load"]]);
  });
});

describe("a handler that removes a cookie of the session's name for another path", () => {
  const REMOVAL = "sid=; Path=/auth; Max-Age=0";

  test("signs nobody out, and leaves the removal in the answer", async () => {
    const visits = createVisits();
    const { cookie, id } = await visits.signIn();
    const { cookies, ctx } = await visits.visit(cookie, answering(REMOVAL));
    expect([cookies, ctx.state.sessionId]).toEqual([[REMOVAL], id]);
    visits.clock.advance(360_000);
    const renewed = await visits.visit(cookie, answering(REMOVAL));
    expect(renewed.cookies).toEqual([
      REMOVAL,
      `${cookie}; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
  });

  test("keeps a log-in of the same answer", async () => {
    const visits = createVisits();
    const { cookies } = await visits.visit(undefined, async (ctx) => {
      await visits.sessions.of(ctx).create({ userId: "u1" });
      return answering(REMOVAL)(ctx);
    });
    expect(cookies[0]).toBe(REMOVAL);
    expect(visits.held(idFrom(cookies.slice(1)))?.data).toEqual({ userId: "u1" });
  });
});

test("cookies of other names are left as they are", async () => {
  const visits = createVisits();
  const { cookie } = await visits.signIn();
  const others = ["theme=dark", "SID=x; Max-Age=0", `xsid=${ID}; Max-Age=3600`, "__Host-sid=; Max-Age=0"];
  const { cookies, response } = await visits.visit(cookie, answering(...others));
  expect([cookies, response.headers.get("cache-control")]).toEqual([others, null]);
});
