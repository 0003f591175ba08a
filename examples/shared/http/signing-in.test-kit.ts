import { describe, expect, test } from "bun:test";
import { ADA, type CreateWorld, GRACE, TTL, withCookie } from "./world.test-kit.ts";

export function describeSigningIn(name: string, world: CreateWorld): void {
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
}
