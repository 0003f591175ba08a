import { afterEach, describe, expect, test } from "bun:test";
import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { createBrowser, createTestClock, gate } from "@ventostack/testing";

export interface UserData {
  userId: string;
  visits?: number;
}

export interface AdminData {
  adminId: string;
}

/** What the app of a test is made of. */
export interface PluginParts {
  /** Whose session is the request's `session`. */
  readonly users: SessionManager<UserData>;
  /** Of another cookie, by the name `adminSession`. */
  readonly admins: SessionManager<AdminData>;
  /** Two lines, the second of which comes when the test says so. */
  lines(): AsyncGenerator<string>;
  /** A file, with its path. */
  readonly file: string;
}

/**
 * Starts an app with these routes, all `GET`, in the framework's own words:
 *
 * | path         |                                                                                 |
 * | ------------ | ------------------------------------------------------------------------------- |
 * | `/login`     | signs in as `{ userId: "u1" }`                                                   |
 * | `/admin`     | signs in to the other session as `{ adminId: "a1" }`                             |
 * | `/me`        | `{ user, admin }`, the data of both, or null                                     |
 * | `/nested/me` | `{ user }`, of an app below that uses the plugin, too                            |
 * | `/several`   | sets the cookies `a=1` and `b=2` and signs in                                    |
 * | `/redirect`  | signs in and redirects to `/me`                                                  |
 * | `/throw`     | signs in and throws                                                              |
 * | `/update`    | updates `visits`                                                                 |
 * | `/lines`     | streams the lines                                                                |
 * | `/file`      | the file                                                                         |
 */
export type StartPlugin = (parts: PluginParts) => PluginSite | Promise<PluginSite>;

export interface PluginSite {
  readonly origin: string;
  stop(): Promise<void>;
}

const TTL = 1000;

/** What holds of every framework's plugin, over HTTP. */
export function describePlugin(name: string, start: StartPlugin): void {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function site() {
    const clock = createTestClock(Date.now());
    const gated = gate(createMemorySessionStore({ clock }));
    let isDown = false;
    const store = { ...gated.store };
    for (const method of ["load", "replace", "refresh"] as const) {
      const call = gated.store[method] as (...args: unknown[]) => Promise<never>;
      Object.assign(store, {
        [method]: (...args: unknown[]) => (isDown ? Promise.reject(new Error("down")) : call(...args)),
      });
    }
    const second = Promise.withResolvers<void>();
    const running = await start({
      users: createSessionManager<UserData>(store, { clock, ttl: TTL }),
      admins: createSessionManager<AdminData>(store, {
        clock,
        ttl: TTL,
        cookieName: "admin",
        prefix: "admin:",
      }),
      async *lines() {
        yield "one\n";
        await second.promise;
        yield "two\n";
      },
      file: new URL("../../package.json", import.meta.url).pathname,
    });
    stops.push(running.stop);
    const browser = createBrowser(running.origin);
    return {
      browser,
      clock,
      gated,
      origin: running.origin,
      sendSecondLine: second.resolve,
      breakStore: () => {
        isDown = true;
      },
      /** Signed in, and due to be extended where asked. */
      async signIn({ due = false } = {}) {
        expect((await browser.fetch("/login")).status).toBe(200);
        if (due) clock.advance((TTL / 10) * 1000);
        gated.calls.length = 0;
      },
      calls: () => gated.calls.map(([method]) => method),
    };
  }

  const namesIn = (response: Response): string[] =>
    response.headers.getSetCookie().map((header) => header.split("=")[0] ?? "");

  describe(`${name}: any answer`, () => {
    test("to a stranger costs no store call and no cookie, and varies by cookie (G10)", async () => {
      const { browser, calls } = await site();
      const response = await browser.fetch("/me");
      expect(await response.json()).toEqual({ user: null, admin: null });
      expect([response.headers.get("vary"), response.headers.getSetCookie(), calls()]).toEqual([
        "Cookie",
        [],
        [],
      ]);
    });

    test("that signs in keeps other cookies, each on its own (CVE-2026-54287)", async () => {
      const { browser } = await site();
      const response = await browser.fetch("/several");
      expect(namesIn(response).sort()).toEqual(["a", "b", "sid"]);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(await (await browser.fetch("/me")).json()).toMatchObject({ user: { userId: "u1" } });
    });

    test("that is a redirect carries the cookie", async () => {
      const { browser } = await site();
      const response = await browser.fetch("/redirect");
      expect([response.status, namesIn(response)]).toEqual([302, ["sid"]]);
      expect(new URL(response.headers.get("location") ?? "", "http://a").pathname).toBe("/me");
    });

    test("to an error carries the cookie of a log-in that came before it", async () => {
      const { browser } = await site();
      const response = await browser.fetch("/throw");
      expect([response.status, namesIn(response)]).toEqual([500, ["sid"]]);
      expect(await (await browser.fetch("/me")).json()).toMatchObject({ user: { userId: "u1" } });
    });

    test("waits for the session to be extended, and has the renewed cookie", async () => {
      const { browser, gated, origin, signIn } = await site();
      await signIn({ due: true });
      const held = gated.holdBefore("refresh");
      let answered = false;
      const answer = browser.fetch("/me").then((response) => {
        answered = true;
        return response;
      });
      await held.reached;
      // A whole request beside it: had the answer been on its way, it would have come.
      expect((await fetch(`${origin}/me`)).status).toBe(200);
      expect(answered).toBe(false);
      held.release();
      expect(namesIn(await answer)).toEqual(["sid"]);
      expect((await browser.fetch("/me")).headers.getSetCookie()).toEqual([]);
    });

    test("that streams does so, with the renewed cookie at its head", async () => {
      const { browser, signIn, sendSecondLine } = await site();
      await signIn({ due: true });
      const response = await browser.fetch("/lines");
      expect(namesIn(response)).toEqual(["sid"]);
      const reader = response.body?.getReader();
      const decoder = new TextDecoder();
      let text = "";
      while (!text.includes("one\n")) text += decoder.decode((await reader?.read())?.value);
      expect(text).toBe("one\n");
      sendSecondLine();
      for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
        text += decoder.decode(chunk.value);
      }
      expect(text).toBe("one\ntwo\n");
    });

    test.each(["GET", "HEAD"])("%s of a file is the file, with the renewed cookie", async (method) => {
      const { browser, signIn } = await site();
      await signIn({ due: true });
      const response = await browser.fetch("/file", { method });
      expect([response.status, namesIn(response)]).toEqual([200, ["sid"]]);
      const text = await response.text();
      expect(text.includes("@ventostack/middleware-cookie")).toBe(method === "GET");
    });

    test("to HEAD is that to GET without its body", async () => {
      const { browser, signIn, calls } = await site();
      await signIn();
      const response = await browser.fetch("/me", { method: "HEAD" });
      expect([response.status, await response.text(), response.headers.get("vary")]).toEqual([
        200,
        "",
        "Cookie",
      ]);
      expect(calls()).toEqual(["load"]);
    });
  });

  describe(`${name}: several in one`, () => {
    test("an app below that uses the plugin, too, has the same session, loaded once", async () => {
      const { browser, signIn, calls } = await site();
      await signIn();
      expect(await (await browser.fetch("/nested/me")).json()).toEqual({ user: { userId: "u1" } });
      expect(calls()).toEqual(["load"]);
    });

    test("two managers have two cookies, and each its own session", async () => {
      const { browser } = await site();
      await browser.fetch("/login");
      await browser.fetch("/admin");
      const both = { user: { userId: "u1" }, admin: { adminId: "a1" } };
      expect(await (await browser.fetch("/me")).json()).toEqual(both);
      const user = await browser.cookie("sid");
      await browser.fetch("/admin");
      expect(await browser.cookie("sid")).toBe(user);
      expect(await (await browser.fetch("/me")).json()).toEqual(both);
    });

    test("both are renewed by one answer", async () => {
      const { browser, clock, gated, calls } = await site();
      await browser.fetch("/login");
      await browser.fetch("/admin");
      clock.advance((TTL / 10) * 1000);
      gated.calls.length = 0;
      expect(namesIn(await browser.fetch("/me")).sort()).toEqual(["admin", "sid"]);
      expect(calls().sort()).toEqual(["load", "load", "refresh", "refresh"]);
    });
  });

  describe(`${name}: a store that is down (G6)`, () => {
    test.each(["/me", "/lines", "/file"])("makes 503 of %s, and leaves the cookie alone", async (path) => {
      const { browser, signIn, breakStore } = await site();
      await signIn();
      breakStore();
      const response = await browser.fetch(path);
      expect([response.status, response.headers.getSetCookie()]).toEqual([503, []]);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(response.headers.get("content-type")).toContain("application/json");
      expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
    });

    test("does so, too, where it fails a handler", async () => {
      const { browser, signIn, gated, breakStore } = await site();
      await signIn();
      const held = gated.holdAfter("load");
      const answer = browser.fetch("/update");
      await held.reached;
      breakStore();
      held.release();
      const response = await answer;
      expect([response.status, response.headers.getSetCookie()]).toEqual([503, []]);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
    });

    test("costs no answer where the session was to be extended", async () => {
      const { browser, signIn, gated, breakStore } = await site();
      await signIn({ due: true });
      const held = gated.holdAfter("load");
      const answer = browser.fetch("/me");
      await held.reached;
      breakStore();
      held.release();
      const response = await answer;
      expect([response.status, response.headers.getSetCookie()]).toEqual([200, []]);
    });
  });
}
