import { afterEach, describe, expect, test } from "bun:test";
import { createMemorySessionStore, type SessionStore } from "@ventostack/auth";
import {
  type Browser,
  createBrowser,
  createTestClock,
  type GatedStore,
  gate,
  type TestClock,
} from "@ventostack/testing";

/** An example app on a given store. */
export interface RunningApp {
  readonly origin: string;
  stop(): Promise<void>;
}

export interface AppSettings {
  readonly ttl: number;
  readonly touchInterval: number;
  /** Milliseconds. */
  readonly storeTimeout: number;
  readonly clock: () => number;
}

export type StartApp = (store: SessionStore, settings: AppSettings) => RunningApp | Promise<RunningApp>;

const ADA = { email: "ada@example.com", password: "correct horse battery staple" };
const GRACE = { ...ADA, email: "grace@example.com" };
const TTL = 1000;
const INTERVAL = 100;

interface World {
  readonly origin: string;
  readonly clock: TestClock;
  readonly gated: GatedStore;
  browser(): Browser;
  /** A browser that has signed in. */
  signedIn(as?: typeof ADA): Promise<Browser>;
}

/** The HTTP interface that every example serves, as black-box tests. */
export function describeHttpInterface(name: string, start: StartApp): void {
  const running: RunningApp[] = [];
  afterEach(async () => {
    for (const app of running.splice(0)) await app.stop();
  });

  async function world(wrap: (store: SessionStore) => SessionStore = (store) => store): Promise<World> {
    const clock = createTestClock(Date.now());
    const gated = gate(wrap(createMemorySessionStore({ clock })));
    const app = await start(gated.store, { ttl: TTL, touchInterval: INTERVAL, storeTimeout: 500, clock });
    running.push(app);
    const browser = (): Browser => createBrowser(app.origin);
    return {
      origin: app.origin,
      clock,
      gated,
      browser,
      async signedIn(as = ADA) {
        const signedIn = browser();
        const response = await signedIn.send("POST", "/auth/login", as);
        expect(response.status).toBe(200);
        return signedIn;
      },
    };
  }

  /** A request with a cookie header written by hand. */
  const withCookie = (origin: string, cookie: string, path = "/me"): Promise<Response> =>
    fetch(origin + path, { headers: { cookie } });

  describe(`${name}: signing in and out`, () => {
    test("[SEC-17] a log-in hands out a cookie that opens every path, and a log-out ends it", async () => {
      const { browser, origin } = await world();
      const person = browser();
      const login = await person.send("POST", "/auth/login", ADA);
      expect([login.status, await login.json()]).toEqual([200, { ok: true }]);
      const id = await person.cookie("sid");
      expect(login.headers.getSetCookie()).toEqual([
        `sid=${id}; Max-Age=${TTL}; Path=/; HttpOnly; SameSite=Strict`,
      ]);
      expect(login.headers.get("cache-control")).toBe("no-store");

      const me = await person.fetch("/me");
      expect([me.status, await me.json()]).toEqual([200, { userId: "u-ada", role: "admin" }]);
      expect(me.headers.get("vary")).toBe("Cookie");
      expect(me.headers.getSetCookie()).toEqual([]);

      const logout = await person.send("POST", "/auth/logout");
      expect([logout.status, await logout.json()]).toEqual([200, { ok: true }]);
      expect(logout.headers.get("cache-control")).toBe("no-store");
      // The jar ends up empty: the cookie was removed with the attributes that it was set with [ASVS 14.3.1].
      expect(await person.jar.getCookies(origin)).toEqual([]);
      expect((await person.fetch("/me")).status).toBe(401);
      expect((await withCookie(origin, `sid=${id}`)).status).toBe(401);
    });

    test("a wrong password and an unknown e-mail are told apart by nothing", async () => {
      const { browser } = await world();
      const wrong = await browser().send("POST", "/auth/login", { ...ADA, password: "guess" });
      const unknown = await browser().send("POST", "/auth/login", {
        email: "eve@example.com",
        password: "guess",
      });
      expect([wrong.status, unknown.status]).toEqual([401, 401]);
      expect(await wrong.text()).toBe(await unknown.text());
      expect([...wrong.headers.getSetCookie(), ...unknown.headers.getSetCookie()]).toEqual([]);
    });

    test.each<[string, string]>([
      ["nothing", ""],
      ["no JSON", "email=ada"],
      ["an array", "[]"],
      ["null", "null"],
      ["a number", "1"],
      ["no password", '{"email":"ada@example.com"}'],
      ["an empty password", '{"email":"ada@example.com","password":""}'],
      ["an e-mail that is no text", '{"email":{"$ne":1},"password":"x"}'],
    ])("a log-in with %s is 400", async (_, body) => {
      const { origin, gated } = await world();
      const response = await fetch(`${origin}/auth/login`, { method: "POST", body });
      expect(response.status).toBe(400);
      expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
      expect(gated.calls).toEqual([]);
    });

    test("[SEC-05] the session from before a log-in is dead after it (fixation, CVE-2022-25896) [ASVS 7.2.4]", async () => {
      const { signedIn, origin } = await world();
      const person = await signedIn();
      const before = await person.cookie("sid");
      expect((await person.send("POST", "/auth/login", GRACE)).status).toBe(200);
      const after = await person.cookie("sid");
      expect(after).not.toBe(before);
      expect((await withCookie(origin, `sid=${before}`)).status).toBe(401);
      expect(await (await person.fetch("/me")).json()).toMatchObject({ userId: "u-grace" });
    });

    test("[SEC-02] an id that the server did not issue is never adopted [ASVS 7.2.1]", async () => {
      const { browser, origin } = await world();
      const planted = Buffer.alloc(32, 9).toString("base64url");
      const person = browser();
      await person.jar.setCookie(`sid=${planted}; Path=/`, origin);
      expect((await person.fetch("/me")).status).toBe(401);
      expect((await person.send("POST", "/auth/login", ADA)).status).toBe(200);
      expect(await person.cookie("sid")).not.toBe(planted);
      expect((await withCookie(origin, `sid=${planted}`)).status).toBe(401);
    });

    test("two tabs share a session, and both are signed out by one of them", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const [one, other] = await Promise.all([person.fetch("/me"), person.fetch("/me")]);
      expect([one.status, other.status]).toEqual([200, 200]);
      await person.send("POST", "/auth/logout");
      const [later, too] = await Promise.all([person.fetch("/me"), person.fetch("/auth/sessions")]);
      expect([later.status, too.status]).toEqual([401, 401]);
    });

    test("without a session everything that needs one is 401, and a log-out is fine", async () => {
      const { browser, gated } = await world();
      const stranger = browser();
      for (const [method, path] of [
        ["GET", "/me"],
        ["PATCH", "/me"],
        ["GET", "/auth/sessions"],
        ["DELETE", "/auth/sessions/x"],
        ["POST", "/auth/logout-all"],
      ] as const) {
        const response = await stranger.send(method, path, method === "GET" ? undefined : {});
        expect([method, path, response.status]).toEqual([method, path, 401]);
        expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
      expect((await stranger.send("POST", "/auth/logout")).status).toBe(200);
      expect(gated.calls).toEqual([]);
    });
  });

  describe(`${name}: lifetime`, () => {
    test("[SEC-06] a session expires on the server to the millisecond, whatever the browser still sends [ASVS 7.3.1]", async () => {
      const { signedIn, clock } = await world();
      const person = await signedIn();
      clock.advance(TTL * 1000 - 1);
      const header = { headers: { cookie: `sid=${await person.cookie("sid")}` } };
      // This very request extends the session.
      expect((await person.fetch("/me", header)).status).toBe(200);
      clock.advance(TTL * 1000);
      expect((await person.fetch("/me", header)).status).toBe(401);
    });

    test("[SEC-16] the session and its cookie slide while it is used, once per touch interval", async () => {
      const { signedIn, clock, gated } = await world();
      const person = await signedIn();
      for (let round = 0; round < 15; round++) {
        clock.advance(INTERVAL * 1000);
        const calls = gated.calls.length;
        const renewed = await person.fetch("/me");
        expect(renewed.status).toBe(200);
        expect(renewed.headers.getSetCookie()).toEqual([
          `sid=${await person.cookie("sid")}; Max-Age=${TTL}; Path=/; HttpOnly; SameSite=Strict`,
        ]);
        expect(renewed.headers.get("cache-control")).toBe("no-store");
        expect(gated.calls.length - calls).toBe(2);
        const again = await person.fetch("/me");
        expect(again.headers.getSetCookie()).toEqual([]);
        expect(gated.calls.length - calls).toBe(3);
      }
    });

    test("of 50 requests at once one extends the session and renews the cookie (G10)", async () => {
      const { signedIn, clock, gated } = await world();
      const person = await signedIn();
      clock.advance(INTERVAL * 1000);
      const loaded = gated.calls.length;
      const responses = await Promise.all(Array.from({ length: 50 }, () => person.fetch("/me")));
      expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
      expect(responses.filter(({ headers }) => headers.getSetCookie().length > 0).length).toBe(1);
      const methods = gated.calls.slice(loaded).map(([method]) => method);
      expect(methods.filter((method) => method === "load").length).toBe(50);
      expect(new Set(methods)).toEqual(new Set(["load", "refresh"]));
    });
  });

  describe(`${name}: what a request may carry`, () => {
    const id = Buffer.alloc(32, 5).toString("base64url");
    test.each<[string, string]>([
      ["a path", "sid=../x"],
      ["a namespaced key", "sid=a:b"],
      ["an index key", "sid=user:42"],
      ["a pattern", "sid=*"],
      ["a hash tag", "sid={tag}"],
      ["nothing", "sid="],
      ["no value", "sid"],
      ["quotes", `sid="${id}"`],
      ["percent-encoding", `sid=%${id.slice(1)}`],
      ["a long value", `sid=${"a".repeat(8000)}`],
      ["two cookies of the name", `sid=${id}; sid=${id}`],
      ["a name after U+00A0 (CVE-2026-39410)", `\u00a0sid=${id}`],
      ["a percent-encoded name (CVE-2020-8184)", `%73id=${id}`],
      ["a name in other letters", `SID=${id}`],
      ["a nameless cookie (CVE-2023-23934)", `=sid=${id}`],
      ["a name that ends alike", `xsid=${id}`],
      ["an attribute of RFC 2965", `$Version=1; $Path=/`],
    ])("[SEC-04] %s is no session and costs no store call", async (_, cookie) => {
      const { origin, gated } = await world();
      const response = await withCookie(origin, cookie);
      expect(response.status).toBe(401);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(gated.calls).toEqual([]);
    });

    test("a live session's cookie under a confused name, twice, or as a stored hash opens nothing", async () => {
      const { signedIn, origin } = await world();
      const person = await signedIn();
      const live = await person.cookie("sid");
      const [listed] = (await (await person.fetch("/auth/sessions")).json()) as { handle: string }[];
      expect((await withCookie(origin, `sid=${live}`)).status).toBe(200);
      for (const cookie of [
        `\u00a0sid=${live}`,
        `%73id=${live}`,
        `=sid=${live}`,
        `sid="${live}"`,
        `sid=${live}; sid=${live}`,
        `sid=${id}; sid=${live}`,
        `sid=${live}; sid=`,
        `sid=${listed?.handle}`,
        `sid=session:${listed?.handle}`,
        `sid=${live?.slice(0, -1)}${live?.endsWith("A") ? "E" : "A"}`,
      ]) {
        expect([cookie.replaceAll(live ?? "", "ID"), (await withCookie(origin, cookie)).status]).toEqual([
          cookie.replaceAll(live ?? "", "ID"),
          401,
        ]);
      }
    });

    test("[SEC-02] an id in the query, the body or another header is ignored", async () => {
      const { signedIn, origin } = await world();
      const live = await (await signedIn()).cookie("sid");
      expect((await fetch(`${origin}/me?sid=${live}`)).status).toBe(401);
      const headers = { authorization: `Bearer ${live}`, "x-sid": `${live}` };
      expect((await fetch(`${origin}/me`, { headers })).status).toBe(401);
      const body = JSON.stringify({ sid: live });
      expect((await fetch(`${origin}/me`, { method: "PATCH", body })).status).toBe(401);
    });
  });

  describe(`${name}: data`, () => {
    test("PATCH merges keys, keeps null, and refuses userId and role", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const patched = await person.send("PATCH", "/me", { theme: "dark", gone: null, deep: { a: [1] } });
      const data = { userId: "u-ada", role: "admin", theme: "dark", gone: null, deep: { a: [1] } };
      expect([patched.status, await patched.json()]).toEqual([200, data]);
      for (const patch of [{ userId: "u-grace" }, { role: "admin" }, { theme: "x", role: null }]) {
        expect((await person.send("PATCH", "/me", patch)).status).toBe(400);
      }
      expect(await (await person.fetch("/me")).json()).toEqual(data);
    });

    test.each(["[]", "null", "1", '"x"', "{", ""])("PATCH with %p is 400", async (body) => {
      const { signedIn } = await world();
      const person = await signedIn();
      expect((await person.fetch("/me", { method: "PATCH", body })).status).toBe(400);
    });

    test("[SEC-19] a __proto__ in the body reaches nothing [ASVS 15.3.6]", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const body = '{"__proto__":{"admin":true},"a":{"__proto__":{"admin":true}}}';
      expect((await person.fetch("/me", { method: "PATCH", body })).status).toBe(200);
      expect(await (await person.fetch("/me")).text()).toBe('{"userId":"u-ada","role":"admin","a":{}}');
    });

    test("a body nested too deep is 400", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const body = `${'{"a":'.repeat(2000)}1${"}".repeat(2000)}`;
      expect((await person.fetch("/me", { method: "PATCH", body })).status).toBe(400);
    });

    test("50 parallel updates of different keys all survive (G2)", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const updates = Array.from({ length: 50 }, (_, key) =>
        person.send("PATCH", "/me", { [`key${key}`]: key }),
      );
      for (const { status } of await Promise.all(updates)) expect(status).toBe(200);
      const data = (await (await person.fetch("/me")).json()) as Record<string, unknown>;
      expect(Object.keys(data).length).toBe(52);
    });
  });

  describe(`${name}: a user's sessions`, () => {
    interface Listed {
      handle: string;
      current: boolean;
      createdAt: number;
      expiresAt: number;
    }
    const list = async (person: Browser): Promise<Listed[]> =>
      (await (await person.fetch("/auth/sessions")).json()) as Listed[];

    test("[SEC-09] are listed with the current one marked, without an id [ASVS 7.5.2]", async () => {
      const { signedIn, clock } = await world();
      const phone = await signedIn();
      clock.advance(1000);
      const laptop = await signedIn();
      await signedIn(GRACE);
      const sessions = await list(laptop);
      expect(sessions.map(({ current }) => current)).toEqual([true, false]);
      for (const { handle, createdAt, expiresAt } of sessions) {
        expect(handle).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(expiresAt - createdAt).toBe(TTL * 1000);
      }
      const text = JSON.stringify(sessions);
      for (const browser of [phone, laptop])
        expect(text).not.toContain((await browser.cookie("sid")) ?? "missing");
    });

    test("[SEC-08] can be ended one by one, only by their own user", async () => {
      const { signedIn } = await world();
      const [phone, laptop, grace] = [await signedIn(), await signedIn(), await signedIn(GRACE)];
      const other = (await list(laptop)).find(({ current }) => !current);
      const path = `/auth/sessions/${other?.handle}`;
      expect((await grace.send("DELETE", path)).status).toBe(404);
      expect((await phone.fetch("/me")).status).toBe(200);
      const ended = await laptop.send("DELETE", path);
      expect([ended.status, await ended.json()]).toEqual([200, { ok: true }]);
      expect((await phone.fetch("/me")).status).toBe(401);
      expect((await laptop.fetch("/me")).status).toBe(200);
      expect((await laptop.send("DELETE", path)).status).toBe(404);
      for (const odd of ["x", "..%2Fx", "%00", "a".repeat(5000)]) {
        expect((await laptop.send("DELETE", `/auth/sessions/${odd}`)).status).toBe(404);
      }
    });

    test("ending the current one clears the cookie", async () => {
      const { signedIn, origin } = await world();
      const person = await signedIn();
      const [current] = await list(person);
      expect((await person.send("DELETE", `/auth/sessions/${current?.handle}`)).status).toBe(200);
      expect(await person.jar.getCookies(origin)).toEqual([]);
    });

    test("[SEC-08] are all ended by logout-all, which counts them (G5)", async () => {
      const { signedIn, origin } = await world();
      const [phone, laptop, grace] = [await signedIn(), await signedIn(), await signedIn(GRACE)];
      const response = await laptop.send("POST", "/auth/logout-all");
      expect([response.status, await response.json()]).toEqual([200, { destroyed: 2 }]);
      expect(await laptop.jar.getCookies(origin)).toEqual([]);
      expect((await phone.fetch("/me")).status).toBe(401);
      expect((await grace.fetch("/me")).status).toBe(200);
    });
  });

  describe(`${name}: races`, () => {
    test("[SEC-07] a log-out during a slow request: the update does not bring the session back, nor its cookie (G1)", async () => {
      const { signedIn, gated, clock, origin } = await world();
      const person = await signedIn();
      const id = await person.cookie("sid");
      clock.advance(INTERVAL * 1000);
      const held = gated.holdBefore("replace");
      const slow = fetch(`${origin}/me`, {
        method: "PATCH",
        body: '{"late":true}',
        headers: { cookie: `sid=${id}` },
      });
      await held.reached;
      expect((await person.send("POST", "/auth/logout")).status).toBe(200);
      held.release();
      const response = await slow;
      expect(response.status).toBe(401);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect((await withCookie(origin, `sid=${id}`)).status).toBe(401);
    });

    test("a log-out between a slow read and its renewal: not renewed", async () => {
      const { signedIn, gated, clock, origin } = await world();
      const person = await signedIn();
      const id = await person.cookie("sid");
      clock.advance(INTERVAL * 1000);
      const held = gated.holdBefore("refresh");
      const slow = withCookie(origin, `sid=${id}`);
      await held.reached;
      expect((await person.send("POST", "/auth/logout")).status).toBe(200);
      held.release();
      const response = await slow;
      expect(response.headers.getSetCookie()).toEqual([]);
      expect((await withCookie(origin, `sid=${id}`)).status).toBe(401);
    });

    test("a log-in during a slow request: the old session's late answer does not touch the new cookie", async () => {
      const { signedIn, gated, clock, origin } = await world();
      const person = await signedIn();
      const old = await person.cookie("sid");
      clock.advance(INTERVAL * 1000);
      const held = gated.holdBefore("refresh");
      const slow = person.fetch("/me");
      await held.reached;
      expect((await person.send("POST", "/auth/login", GRACE)).status).toBe(200);
      const fresh = await person.cookie("sid");
      held.release();
      await slow;
      expect(fresh).not.toBe(old);
      expect(await person.cookie("sid")).toBe(fresh);
      expect((await withCookie(origin, `sid=${old}`)).status).toBe(401);
    });
  });

  describe(`${name}: while the store is down (G6)`, () => {
    const down = () => Promise.reject(new Error("connection refused"));
    const hanging = () => new Promise<never>(() => {});

    test.each([
      ["rejects", down],
      ["hangs", hanging],
    ])("[SEC-18] a store that %s makes 503 with Retry-After, and signs nobody out", async (_, fault) => {
      let broken = false;
      const { signedIn, origin } = await world(
        (store) =>
          Object.fromEntries(
            Object.entries(store)
              .filter(([, value]) => typeof value === "function")
              .map(([method, call]) => [method, (...args: unknown[]) => (broken ? fault() : call(...args))]),
          ) as unknown as SessionStore,
      );
      const person = await signedIn();
      broken = true;
      const requests = [
        ["GET", "/me"],
        ["PATCH", "/me"],
        ["GET", "/auth/sessions"],
        ["POST", "/auth/logout"],
        ["POST", "/auth/logout-all"],
        ["POST", "/auth/login"],
      ] as const;
      const answers = await Promise.all(
        requests.map(([method, path]) => person.send(method, path, method === "GET" ? undefined : ADA)),
      );
      // Without a cookie the log-in gets as far as writing.
      answers.push(await createBrowser(origin).send("POST", "/auth/login", ADA));
      for (const response of answers) {
        expect(response.status).toBe(503);
        expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
        expect(response.headers.getSetCookie()).toEqual([]);
        expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
      }
      expect((await person.fetch("/")).status).toBe(200);
      expect((await createBrowser(origin).fetch("/me")).status).toBe(401);
      broken = false;
      expect((await person.fetch("/me")).status).toBe(200);
    });
  });

  describe(`${name}: requests from other sites`, () => {
    const requests = [
      ["POST", "/auth/login", ADA],
      ["POST", "/auth/logout", {}],
      ["POST", "/auth/logout-all", {}],
      ["PATCH", "/me", { theme: "dark" }],
      ["DELETE", "/auth/sessions/x", undefined],
    ] as const;

    test.each<[string, Record<string, string>]>([
      ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
      ["a sibling subdomain", { "sec-fetch-site": "same-site", origin: "https://www.evil.example" }],
      ["another site, by an old browser", { origin: "https://evil.example" }],
      ["a frame without an origin", { origin: "null" }],
    ])("[SEC-15] from %s are 403 and change nothing, log-in included", async (_, headers) => {
      const { signedIn, gated } = await world();
      const person = await signedIn();
      const before = gated.calls.length;
      for (const [method, path, body] of requests) {
        const response = await person.fetch(path, { method, headers, body: JSON.stringify(body) ?? null });
        expect([method, path, response.status]).toEqual([method, path, 403]);
        expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
      expect(gated.calls.length).toBe(before);
      expect((await person.fetch("/me", { headers })).status).toBe(200);
    });

    test("those of the site's own pages are taken, whichever of the two headers tells", async () => {
      const { signedIn, origin } = await world();
      const person = await signedIn();
      for (const headers of [{ "sec-fetch-site": "same-origin" }, { origin }] as Record<string, string>[]) {
        const response = await person.fetch("/me", { method: "PATCH", headers, body: "{}" });
        expect(response.status).toBe(200);
      }
    });
  });

  describe(`${name}: the rest`, () => {
    test("GET / is the page, HEAD is it without the body", async () => {
      const { origin, gated } = await world();
      const page = await fetch(origin);
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      expect(await page.text()).toContain("<title>");
      const head = await fetch(origin, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
      expect(gated.calls).toEqual([]);
    });

    test("an unknown path is 404, an unknown method 405, both as JSON", async () => {
      const { origin } = await world();
      const lost = await fetch(`${origin}/nowhere`);
      const wrong = await fetch(`${origin}/me`, { method: "PUT" });
      expect([lost.status, wrong.status]).toEqual([404, 405]);
      for (const response of [lost, wrong]) {
        expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
      }
    });
  });
}
