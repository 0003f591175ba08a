import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createSessionManager, type SessionOptions } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { type Browser, createBrowser, createTestClock } from "@ventostack/testing";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { RedisStore } from "connect-redis";
import express, { type Express } from "express";
import { createClient } from "redis";
import { sessions } from "../express/sessions.ts";
import type { ConnectStore } from "./connect-store.ts";
import { expressSession, legacySession, serveExpress } from "./express-session.test-kit.ts";
import { expressSessions } from "./express-sessions.ts";

let redis: RedisServer;
let client: ReturnType<typeof createClient>;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  redis = await startRedis();
  client = createClient({ url: redis.url });
  await client.connect();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  client.destroy();
  await redis.stop();
});

const secret = "keyboard cat";

/** The application as it was. */
function createBefore(store: ConnectStore): Express {
  const app = express();
  app.use(
    expressSession({ store, secret, resave: false, saveUninitialized: false, cookie: { maxAge: 60_000 } }),
  );
  app.post("/login", (req, res) => {
    Object.assign(legacySession(req), { userId: "u1", role: "admin", basket: [1, 2] });
    res.json({ ok: true });
  });
  app.get("/me", (req, res) => {
    const { userId = null } = legacySession(req);
    res.json({ userId });
  });
  return app;
}

/** The application afterwards. */
function createAfter(store: ConnectStore, options: SessionOptions<{ userId: string; role: string }> = {}) {
  const clock = createTestClock(Date.now());
  const memory = createMemorySessionStore({ clock });
  const manager = createSessionManager(memory, { clock, ttl: 1000, ...options });
  const app = express();
  const failures: unknown[] = [];
  const session = sessions(manager, {
    secure: "auto",
    crossSite: "allow",
    onFailure: (error) => failures.push(error),
    former: expressSessions({
      store,
      secret: ["a newer one", secret],
      data: ({ userId, role }) =>
        typeof userId === "string" && typeof role === "string" ? { userId, role } : null,
    }),
  });
  app.use(session);
  app.get("/me", (req, res) => {
    res.json({ userId: session.of(req).current?.data.userId ?? null });
  });
  app.post("/logout", async (req, res) => {
    await session.of(req).destroy();
    res.json({ ok: true });
  });
  app.use(session.errorHandler);
  return { app, manager, memory, clock, failures };
}

const userOf = async (browser: Browser): Promise<unknown> => {
  const { userId } = (await (await browser.fetch("/me")).json()) as { userId: unknown };
  return userId;
};

/** Moves the application of a signed-in browser, which is sent on to where that is now. */
async function move(
  old: ConnectStore = new RedisStore({ client, prefix: "shop:" }),
  store: ConnectStore = old,
  options: SessionOptions<{ userId: string; role: string }> = {},
) {
  const before = await serveExpress(createBefore(old));
  const person = before.browser();
  await person.send("POST", "/login");
  expect(await userOf(person)).toBe("u1");
  await before.stop();
  const after = createAfter(store, options);
  const site = await serveExpress(after.app);
  stops.push(site.stop);
  const browser = createBrowser(site.origin);
  const legacy = await person.cookie("connect.sid");
  await browser.jar.setCookie(`connect.sid=${legacy}; Path=/; HttpOnly`, site.origin);
  return { ...after, browser, origin: site.origin, legacy: `connect.sid=${legacy}` };
}

describe("an application that leaves express-session with connect-redis", () => {
  test("keeps its users signed in, with a session of ours in place of the one from before", async () => {
    const { browser, memory, clock } = await move();
    const first = await browser.fetch("/me");
    expect(await first.json()).toEqual({ userId: "u1" });
    expect(first.headers.getSetCookie().length).toBe(2);
    expect(await browser.cookie("connect.sid")).toBeUndefined();
    expect(await browser.cookie("sid")).toHaveLength(43);
    expect(await client.keys("*")).toEqual([]);
    expect(memory.listByUser("session:u1").map(({ data }) => data)).toEqual([
      { userId: "u1", role: "admin" },
    ]);
    for (let round = 0; round < 5; round++) {
      clock.advance(900_000);
      expect(await userOf(browser)).toBe("u1");
    }
    expect((await browser.fetch("/me")).headers.getSetCookie()).toEqual([]);
  });

  test("a log-out is final, whatever cookie is sent again", async () => {
    const { browser, origin, legacy } = await move();
    await userOf(browser);
    const replayed = { cookie: `${legacy}; sid=${await browser.cookie("sid")}` };
    await browser.send("POST", "/logout");
    expect(await (await fetch(`${origin}/me`, { headers: replayed })).json()).toEqual({ userId: null });
    expect(await (await fetch(`${origin}/me`, { headers: { cookie: legacy } })).json()).toEqual({
      userId: null,
    });
    expect(await userOf(browser)).toBeNull();
  });

  test("requests at once with the old cookie are given one session", async () => {
    const { origin, legacy, memory } = await move();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => fetch(`${origin}/me`, { headers: { cookie: legacy } })),
    );
    for (const answer of answers) expect(await answer.json()).toEqual({ userId: "u1" });
    expect(new Set(answers.map(({ headers }) => headers.getSetCookie()[0]?.slice(0, 47))).size).toBe(1);
    expect(memory.size).toBe(1);
  });

  test("a cookie with another signature, or none, opens nothing", async () => {
    const { origin, legacy, memory } = await move();
    const forged = [
      `${legacy.slice(0, -3)}AAA`,
      legacy.replace("s%3A", ""),
      legacy.split(".")[0] ?? "",
      "connect.sid=%",
    ];
    for (const cookie of [...forged, `${legacy}; ${legacy}`]) {
      const answer = await fetch(`${origin}/me`, { headers: { cookie } });
      expect([cookie, await answer.json(), answer.headers.getSetCookie()]).toEqual([
        cookie,
        { userId: null },
        [],
      ]);
    }
    expect(memory.size).toBe(0);
  });

  test("one whose user has enough sessions is signed out, told of, and goes on once there is room", async () => {
    const options = { maxPerUser: 1, onLimit: "reject" } as const;
    const { browser, manager, failures } = await move(undefined, undefined, options);
    const elsewhere = await manager.create({ userId: "u1", role: "admin" });
    expect(await userOf(browser)).toBeNull();
    expect(failures).toEqual([expect.objectContaining({ code: "LIMIT_REACHED" })]);
    await manager.destroy(elsewhere.id);
    expect(await userOf(browser)).toBe("u1");
    expect(failures).toHaveLength(1);
  });

  test("while the old store is down nobody is signed out (G6)", async () => {
    let isDown = false;
    const inner = new expressSession.MemoryStore();
    const { browser } = await move(inner, {
      get: (sid, done) => (isDown ? done(new Error("down")) : inner.get(sid, done)),
      set: (sid, session, done) => inner.set(sid, session, done),
      destroy: (sid, done) => inner.destroy(sid, done),
    });
    isDown = true;
    const answer = await browser.fetch("/me");
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([503, []]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    isDown = false;
    expect(await userOf(browser)).toBe("u1");
  });
});

test("what is no store is refused when it is made, not at a request", () => {
  const store = { get() {}, set() {} } as unknown as ConnectStore;
  expect(() => expressSessions({ store, secret, data: () => null })).toThrow("The option store");
});
