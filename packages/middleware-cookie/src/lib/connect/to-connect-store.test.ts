import { afterEach, describe, expect, test } from "bun:test";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { createFourMethodStore, createTestClock, gate } from "@ventostack/testing";
import express from "express";
import { expressSession, legacySession, serveExpress } from "./express-session.test-kit.ts";
import { toConnectStore } from "./to-connect-store.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function createSite(options: { maxAge?: number; wrap?: typeof gate } = {}) {
  const clock = createTestClock(Date.now());
  const memory = createMemorySessionStore({ clock });
  const gated = gate(memory);
  const store = toConnectStore(expressSession.Store, gated.store, { clock, ttl: 1000, absoluteTtl: 5000 });
  const app = express();
  const cookie = options.maxAge === undefined ? {} : { maxAge: options.maxAge };
  app.use(expressSession({ store, secret: "s", resave: false, saveUninitialized: false, cookie }));
  /** Requests to /slow wait here. */
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  app.get("/login", (req, res) => {
    legacySession(req).userId = "u1";
    res.send("ok");
  });
  app.get("/set/:name", (req, res) => {
    legacySession(req)[req.params.name] = true;
    res.send("ok");
  });
  app.get("/count", (req, res) => {
    const session = legacySession(req);
    session.count = Number(session.count ?? 0) + 1;
    res.send("ok");
  });
  app.get("/slow/:name", async (req, res) => {
    arrived.resolve();
    await released.promise;
    legacySession(req)[req.params.name] = true;
    res.send("ok");
  });
  app.get("/logout", (req, res, next) =>
    legacySession(req).destroy((error) => (error ? next(error) : res.send("ok"))),
  );
  app.get("/rise", (req, res, next) =>
    legacySession(req).regenerate((error) => (error ? next(error) : res.send("ok"))),
  );
  app.get("/", (req, res) => {
    const { cookie: _, ...fields } = legacySession(req);
    res.json(fields);
  });
  const site = await serveExpress(app);
  stops.push(site.stop);
  const browser = site.browser();
  const get = async (path: string): Promise<unknown> => {
    const response = await browser.fetch(path);
    const text = await response.text();
    return response.ok ? (text.startsWith("{") ? JSON.parse(text) : text) : response.status;
  };
  return { get, clock, memory, gated, browser, arrived: arrived.promise, release: released.resolve };
}

describe("express-session on a store of ours", () => {
  test("keeps what is put on req.session, under the hash of its id (G7)", async () => {
    const { get, memory, browser } = await createSite();
    expect(await get("/")).toEqual({});
    expect(memory.size).toBe(0);
    await get("/login");
    await get("/set/dark");
    expect(await get("/")).toEqual({ userId: "u1", dark: true });
    const [record] = memory.listByUser("session:u1");
    expect(record?.id).toMatch(/^session:[\w-]{43}$/);
    const sid =
      decodeURIComponent((await browser.cookie("connect.sid")) ?? "")
        .slice(2)
        .split(".")[0] ?? "";
    expect(sid.length).toBeGreaterThan(20);
    expect(JSON.stringify(record)).not.toContain(sid);
  });

  test("a request that ends after the log-out does not bring the session back (G1)", async () => {
    const { get, memory, arrived, release } = await createSite();
    await get("/login");
    const slow = get("/slow/late");
    await arrived;
    await get("/logout");
    release();
    expect(await slow).toBe("ok");
    expect(memory.size).toBe(0);
    expect(await get("/")).toEqual({});
  });

  test("nor does one that ends after its session was given a new id", async () => {
    const { get, memory, arrived, release } = await createSite();
    await get("/login");
    const slow = get("/slow/late");
    await arrived;
    await get("/rise");
    release();
    await slow;
    // The new one, which has nothing of the old.
    expect(memory.size).toBe(1);
    expect(await get("/")).toEqual({});
  });

  test("a log-out between a save's read and its write is final, too", async () => {
    const { get, memory, gated } = await createSite();
    await get("/login");
    const held = gated.holdBefore("replace");
    const slow = get("/set/late");
    await held.reached;
    await get("/logout");
    held.release();
    await slow;
    expect(memory.size).toBe(0);
  });

  test("requests at once that change different fields undo nothing of each other (G2)", async () => {
    const { get, arrived, release } = await createSite();
    await get("/login");
    const slow = get("/slow/one");
    await arrived;
    await get("/set/other");
    release();
    await slow;
    expect(await get("/")).toEqual({ userId: "u1", one: true, other: true });
  });

  test("nor does what a request has loaded and left alone undo a change of the same field", async () => {
    const { get, arrived, release } = await createSite();
    await get("/login");
    await get("/count");
    const slow = get("/slow/late");
    await arrived;
    await get("/count");
    release();
    await slow;
    expect(await get("/")).toEqual({ userId: "u1", count: 2, late: true });
  });

  test("a session slides while it is used, up to its absolute end (G3)", async () => {
    const { get, clock } = await createSite();
    await get("/login");
    for (let round = 0; round < 5; round++) {
      clock.advance(900_000);
      expect(await get("/")).toEqual({ userId: "u1" });
    }
    clock.advance(900_000);
    expect(await get("/")).toEqual({});
  });

  test("lives as long as its cookie's maxAge, where that is set", async () => {
    const { get, clock } = await createSite({ maxAge: 60_000 });
    await get("/login");
    clock.advance(59_999);
    expect(await get("/")).toEqual({ userId: "u1" });
    clock.advance(60_000);
    expect(await get("/")).toEqual({});
  });
});

test("a store of four methods does as well, within one process", async () => {
  const clock = createTestClock(Date.now());
  const store = toConnectStore(expressSession.Store, createFourMethodStore(clock), { clock });
  const app = express();
  app.use(expressSession({ store, secret: "s", resave: false, saveUninitialized: false }));
  app.get("/:count", (req, res) => {
    legacySession(req).count = req.params.count;
    res.send("ok");
  });
  app.get("/", (req, res) => res.json(legacySession(req).count ?? null));
  const site = await serveExpress(app);
  stops.push(site.stop);
  const browser = site.browser();
  await browser.fetch("/7");
  expect(await (await browser.fetch("/")).json()).toBe("7");
});

test("a store that is down makes an error, not an empty session (G6)", async () => {
  const down = { ...createMemorySessionStore(), load: () => Promise.reject(new Error("refused")) };
  const store = toConnectStore(expressSession.Store, down);
  const answer = Promise.withResolvers<unknown>();
  Reflect.get(store, "get").call(store, "some-id", (error: unknown) => answer.resolve(error));
  expect(await answer.promise).toMatchObject({ code: "STORE_UNAVAILABLE" });
});

test("an option or a class that makes no sense is refused", () => {
  const memory = createMemorySessionStore();
  expect(() => toConnectStore(class {}, memory)).toThrow("The option Base");
  expect(() => toConnectStore(expressSession.Store, memory, { tll: 1 } as object)).toThrow("tll");
  expect(() => toConnectStore(expressSession.Store, {} as typeof memory)).toThrow("The option store");
  for (const [option, values] of Object.entries({
    ttl: [Number.NaN, 0, -1, "3600", null],
    absoluteTtl: [Number.NaN, Number.POSITIVE_INFINITY],
    storeTimeout: [Number.NaN, 0, 2 ** 31],
    prefix: [1],
    userIdOf: ["userId"],
    clock: [0],
  })) {
    for (const value of values) {
      const made = () => toConnectStore(expressSession.Store, memory, { [option]: value });
      expect(made).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
      expect(made).toThrow(`The option ${option} is`);
    }
  }
});
