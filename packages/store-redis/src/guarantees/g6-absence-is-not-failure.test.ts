import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createSessionManager, SessionError, type SessionManager } from "@ventostack/auth-core";
import { until } from "@ventostack/testing/redis";
import { createRedisClient, createRedisSessionStore } from "../index.ts";
import { isRunOf } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";

let fixture: Fixture;
let here: SessionManager;

beforeAll(async () => {
  fixture = await startFixture();
  here = fixture.manager();
});
beforeEach(async () => {
  await fixture.server.command("FLUSHALL");
});
afterAll(() => fixture.stop());

type Call = (sessions: SessionManager, id: string) => Promise<unknown>;

const readers: readonly [name: string, call: Call][] = [
  ["get", (sessions, id) => sessions.get(id)],
  ["update", (sessions, id) => sessions.update(id, { a: 1 })],
  ["update to another user", (sessions, id) => sessions.update(id, { userId: "u2" })],
  ["touch", (sessions, id) => sessions.touch(id)],
  ["refresh", (sessions, id) => sessions.refresh(id)],
  ["refreshIfDue", (sessions, id) => sessions.refreshIfDue(id)],
  ["regenerate", (sessions, id) => sessions.regenerate(id)],
  ["destroyByHandle", (sessions, id) => sessions.destroyByHandle("u1", sessions.handleOf(id))],
];
const others: readonly [name: string, call: Call][] = [
  ["create", (sessions) => sessions.create({ userId: "u1" })],
  ["destroy", (sessions, id) => sessions.destroy(id)],
  ["listByUser", (sessions) => sessions.listByUser("u1")],
  ["destroyByUser", (sessions) => sessions.destroyByUser("u1")],
];

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );

describe("G6 absence is not failure: a server that is down", () => {
  test("[SEC-18] makes every call reject within the limit, and the session is there when it is back", async () => {
    const client = createRedisClient({ url: fixture.server.url, commandTimeout: 300 });
    const sessions = createSessionManager(createRedisSessionStore({ client }), { storeTimeout: 400 });
    const { id } = await sessions.create({ userId: "u1" });
    await fixture.server.command("SAVE");
    await fixture.server.kill();
    try {
      for (const [name, call] of [...readers, ...others]) {
        const begin = performance.now();
        const error = await failureOf(call(sessions, id));
        expect([name, error]).toEqual([name, expect.any(SessionError)]);
        expect(["STORE_UNAVAILABLE", "STORE_TIMEOUT"]).toContain((error as SessionError).code);
        expect(performance.now() - begin).toBeLessThan(5000);
        expect(Bun.inspect(error)).not.toContain(id);
      }
    } finally {
      await fixture.server.restart({ keepData: true });
    }
    const found = await sessions.get(id);
    expect(found?.data).toEqual({ userId: "u1" });
    await client.close();
  });

  test("null is said of what is absent, by every method that can say it", async () => {
    const id = Buffer.alloc(32, 5).toString("base64url");
    expect(await here.get(id)).toBeNull();
    expect(await here.merge(id, { a: 1 })).toBeNull();
    expect(await here.refresh(id)).toBeNull();
    expect(await here.refreshIfDue(id)).toBeNull();
    expect(await here.regenerate(id)).toBeNull();
    expect(await here.destroyByHandle("u1", here.handleOf(id))).toBe(false);
    await here.touch(id);
    await here.destroy(id);
    expect(await fixture.server.command("DBSIZE")).toBe(0);
  });
});

describe("G6 absence is not failure: a value that is no record of this release", () => {
  const kept = '"exp":1999999999999,"idx":9999999999999,"rev":1,"abs":0,"created":1,"user":"","data":{}}';
  const values: readonly [name: string, write: (key: string) => readonly [string, ...string[]]][] = [
    ["text", (key) => ["SET", key, "garbage"]],
    ["the empty text", (key) => ["SET", key, ""]],
    ["a number", (key) => ["SET", key, "42"]],
    ["JSON null", (key) => ["SET", key, "null"]],
    ["JSON text", (key) => ["SET", key, '"text"']],
    ["a list", (key) => ["SET", key, "[]"]],
    ["an object without fields", (key) => ["SET", key, "{}"]],
    ["a later version", (key) => ["SET", key, `{"v":2,${kept}`]],
    ["bytes that are no UTF-8", (key) => ["SET", key, "\u0000\u00ff{"]],
    ["a hash", (key) => ["HSET", key, "field", "value"]],
    ["a Redis list", (key) => ["RPUSH", key, "value"]],
    ["a set", (key) => ["SADD", key, "value"]],
  ];

  test.each(values)("%s rejects with CORRUPT_RECORD, and is left as it is", async (_, write) => {
    const { id } = await here.create({ userId: "u1" });
    const key = `app:session:id:${here.handleOf(id)}`;
    await fixture.server.command("DEL", key);
    await fixture.server.command(...write(key));
    await fixture.server.command("PEXPIRE", key, 60_000);
    const before = await asItIs(key);
    for (const [name, call] of readers) {
      const error = await failureOf(call(here, id));
      expect([name, error]).toEqual([name, expect.objectContaining({ code: "CORRUPT_RECORD" })]);
      expect(error).toBeInstanceOf(SessionError);
      expect(Bun.inspect(error)).not.toContain(id);
      expect(await asItIs(key)).toEqual(before);
    }
  });

  test.each(values)(
    "%s is left out of a listing, which tells of it, and bars no log-in",
    async (_, write) => {
      const failures: unknown[] = [];
      const sessions = fixture.manager({
        maxPerUser: 2,
        onEvent: ({ type, handle, reason }) => type === "store-failure" && failures.push({ handle, reason }),
      });
      const [spoilt, kept] = [
        await sessions.create({ userId: "u1" }),
        await sessions.create({ userId: "u1" }),
      ];
      const key = `app:session:id:${here.handleOf(spoilt.id)}`;
      await fixture.server.command("DEL", key);
      await fixture.server.command(...write(key));
      const before = await asItIs(key);
      expect(await sessions.listByUser("u1")).toMatchObject([{ handle: here.handleOf(kept.id) }]);
      expect(failures).toEqual([
        { handle: here.handleOf(spoilt.id), reason: "CORRUPT_RECORD in listByUser" },
      ]);
      const another = await sessions.create({ userId: "u1" });
      for (const { id } of [kept, another]) expect(await sessions.get(id)).not.toBeNull();
      expect(await asItIs(key)).toEqual(before);
    },
  );

  test.each(values)(
    "%s keeps none of the user's other sessions from being ended, and stays in the set",
    async (_, write) => {
      const [{ id }] = [await here.create({ userId: "u1" }), await here.create({ userId: "u1" })];
      const key = `app:session:id:${here.handleOf(id)}`;
      await fixture.server.command("DEL", key);
      await fixture.server.command(...write(key));
      const [set] = (await fixture.server.command("KEYS", "*:user:*")) as string[];
      // Long ago: the release that can read it has to find it all the same.
      await fixture.server.command("ZADD", set ?? "", 1, here.handleOf(id));
      const before = await asItIs(key);
      expect(await here.destroyByUser("u1")).toBe(1);
      expect(await asItIs(key)).toEqual(before);
      expect(await fixture.server.command("ZRANGE", set ?? "", 0, -1)).toEqual([here.handleOf(id)]);
      // Nor is it pruned: that asks for the record, and would remove the member with the command after that.
      const { proxy } = fixture;
      const begin = proxy.commands.length;
      const another = fixture.manager();
      for (let n = 0; n < 17; n++) await another.create({ userId: "u1" });
      await until(() => proxy.commands.slice(begin).some(isRunOf("IS_OF_USER")));
      for (const _ of [1, 2]) await fixture.client.send("PING", []);
      expect(await fixture.server.command("ZSCORE", set ?? "", here.handleOf(id))).toBe("1");
    },
  );

  test("a user's set that is something else makes the calls that need it fail, and stays", async () => {
    const { id } = await here.create({ userId: "u1" });
    const [key] = (await fixture.server.command("KEYS", "*:user:*")) as string[];
    await fixture.server.command("SET", key ?? "", "garbage", "EX", 60);
    for (const call of [here.listByUser("u1"), here.destroyByUser("u1"), here.create({ userId: "u1" })]) {
      expect(await failureOf(call)).toBeInstanceOf(SessionError);
    }
    expect(await fixture.server.command("GET", key ?? "")).toBe("garbage");
    expect(await here.get(id)).not.toBeNull();
  });

  async function asItIs(key: string): Promise<unknown[]> {
    return [await fixture.server.command("DUMP", key), await fixture.server.command("PEXPIRETIME", key)];
  }
});
