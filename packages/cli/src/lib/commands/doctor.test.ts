import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, spyOn, test } from "bun:test";
import {
  createSessionManager,
  createSessionStore,
  type SessionManager,
  type SessionStore,
} from "@ventostack/auth";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { diagnose, run } from "../command-line.test-kit.ts";
import type { Level } from "../doctor/finding.ts";

let redis: RedisServer;
let store: SessionStore;
let sessions: SessionManager;
let id: string;

beforeAll(async () => {
  redis = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "no"] });
  store = await createSessionStore(redis.url);
  sessions = createSessionManager(store);
});
afterAll(async () => {
  await store.close?.();
  await redis.stop();
});
beforeEach(async () => {
  await redis.command("FLUSHALL");
  ({ id } = await sessions.create({ userId: "ada" }));
  await sessions.create();
});

const keyOf = (sessionId: string): string => `session:id:${sessions.handleOf(sessionId)}`;
const SET = `session:user:${Bun.SHA256.hash("ada", "base64url")}`;

test("a sound store gets nothing but ok, and keeps no trace of the trial", async () => {
  const before = await redis.command("DBSIZE");
  expect(await diagnose(redis.url)).toEqual({ exitCode: 0, found: {} });
  expect(await redis.command("DBSIZE")).toBe(before);
});

describe("finds in the records and indexes", () => {
  type Plant = () => Promise<unknown>;
  const planted: readonly [name: string, check: string, level: Level, plant: Plant][] = [
    [
      "a record that is no JSON",
      "unreadable-records",
      "error",
      () => redis.command("SETRANGE", keyOf(id), 60, "}{"),
    ],
    [
      "a record of a later version",
      "unreadable-records",
      "error",
      () => redis.command("SETRANGE", keyOf(id), 5, "2"),
    ],
    [
      "something that is no text in a session's place",
      "unreadable-records",
      "error",
      async () => {
        await redis.command("RPUSH", "session:id:other", "a");
        await redis.command("EXPIRE", "session:id:other", 60);
      },
    ],
    ["a session that never ends", "records-without-end", "error", () => redis.command("PERSIST", keyOf(id))],
    [
      "a session that ends otherwise than it says",
      "record-ends",
      "warning",
      () => redis.command("EXPIRE", keyOf(id), 60),
    ],
    [
      "a session without its user's index",
      "sessions-outside-index",
      "error",
      () => redis.command("DEL", SET),
    ],
    [
      "a session that is not in its user's index",
      "sessions-outside-index",
      "error",
      () => redis.command("ZREM", SET, sessions.handleOf(id)),
    ],
    [
      "an index that ends before a session in it",
      "sessions-outside-index",
      "error",
      () => redis.command("EXPIRE", SET, 60),
    ],
    ["an index that never ends", "indexes-without-end", "warning", () => redis.command("PERSIST", SET)],
    [
      "something else in an index's place",
      "unreadable-indexes",
      "error",
      () => redis.command("SET", SET, "a", "EX", 9000),
    ],
    [
      "members of an index that stand for no session",
      "stale-index-entries",
      "note",
      () => redis.command("ZADD", SET, 1, "gone"),
    ],
  ];

  test.each(planted)("%s", async (_, check, level, plant) => {
    await plant();
    const { exitCode, found } = await diagnose(redis.url);
    expect(found[check]).toMatchObject({ check, level });
    expect(exitCode).toBe(level === "error" ? 1 : 0);
  });

  test("what is under another prefix only where that is named", async () => {
    await redis.command("SET", "app:id:other", "no record");
    expect((await diagnose(redis.url)).found).toEqual({});
    expect(Object.keys((await diagnose(redis.url, "--key-prefix", "app:")).found)).toEqual([
      "unreadable-records",
      "records-without-end",
    ]);
  });

  test("a prefix of pattern characters as it stands", async () => {
    await redis.command("SET", "a*c[d]?:id:other", "no record", "EX", 60);
    await redis.command("SET", "abcdd:id:other", "no record");
    const { found } = await diagnose(redis.url, "--key-prefix", "a*c[d]?:");
    expect(Object.keys(found)).toEqual(["unreadable-records"]);
  });
});

describe("finds in the set-up", () => {
  afterEach(async () => {
    await redis.command("CONFIG", "SET", "maxmemory", 0);
    await redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    await redis.command("REPLICAOF", "NO", "ONE");
  });

  test.each(["allkeys-lru", "volatile-ttl"])(
    "the eviction policy %s, and that memory is bounded",
    async (policy) => {
      await redis.command("CONFIG", "SET", "maxmemory-policy", policy);
      expect((await diagnose(redis.url)).found["eviction-policy"]?.level).toBe("warning");
      expect((await diagnose(redis.url)).exitCode).toBe(0);
      expect((await diagnose(redis.url, "--strict")).exitCode).toBe(1);
      await redis.command("CONFIG", "SET", "maxmemory", "1gb");
      expect((await diagnose(redis.url)).found["eviction-policy"]?.level).toBe("error");
    },
  );

  test("a server without room, which refuses a new session", async () => {
    await redis.command("CONFIG", "SET", "maxmemory", 1);
    const { exitCode, found } = await diagnose(redis.url);
    expect(found["round-trip"]?.message).toMatch(/^A session could not be created\..*OOM/);
    expect(exitCode).toBe(1);
    expect((await diagnose(redis.url, "--read-only")).found).toEqual({});
  });

  test("a replica", async () => {
    await redis.command("REPLICAOF", "127.0.0.1", 1);
    const { found } = await diagnose(redis.url);
    expect(found["server-role"]?.level).toBe("error");
    expect(found["round-trip"]?.level).toBe("error");
  });

  test.each([
    [30_000, "warning"],
    [-120_000, "error"],
  ] as const)("a clock that differs by %i ms", async (offset, level) => {
    const now = Date.now;
    const clock = spyOn(Date, "now").mockImplementation(() => now() - offset);
    try {
      const { found } = await diagnose(redis.url, "--read-only");
      expect(found.clock?.level).toBe(level);
      expect(found.clock?.message).toContain(offset > 0 ? "ahead of" : "behind");
      // What differs is the clock, and not each record with it.
      expect(Object.keys(found)).toEqual(["clock"]);
    } finally {
      clock.mockRestore();
    }
  });

  test("a server that is not there, one that wants another password, and no word of the password", async () => {
    await using locked = await startRedis({ password: "open sesame" });
    const urls = ["redis://:hunter2@127.0.0.1:1", `redis://:hunter2@127.0.0.1:${locked.port}`] as const;
    const [nowhere, refused] = await Promise.all([diagnose(urls[0]), diagnose(urls[1])]);
    expect(nowhere.found.reachable?.message).toContain("ECONNREFUSED");
    expect(refused.found.reachable?.message).toContain("WRONGPASS");
    for (const { exitCode, found } of [nowhere, refused]) {
      expect(exitCode).toBe(1);
      expect(JSON.stringify(found)).not.toContain("hunter2");
    }
  });
});

test("a user who may not ask the server, or go through the keys, gets what can be told without", async () => {
  const rules = ["on", ">open sesame", "~*", "&*", "+@all", "-info"];
  await redis.command("ACL", "SETUSER", "ada", ...rules);
  const url = `redis://ada:open%20sesame@${redis.host}:${redis.port}`;
  const silent = await diagnose(url);
  expect(silent.exitCode).toBe(0);
  expect(Object.values(silent.found).map(({ level }) => level)).toEqual(["note", "note"]);
  await redis.command("ACL", "SETUSER", "ada", "-scan");
  const { found } = await diagnose(url);
  expect(found["records-unseen"]?.message).toContain("NOPERM");
  expect(found["round-trip"]).toBeUndefined();
});

test("a restart that loses log-ins is worth a note", async () => {
  await using forgetful = await startRedis();
  const { exitCode, found } = await diagnose(forgetful.url);
  expect(found.persistence?.level).toBe("note");
  expect(exitCode).toBe(0);
});

test("people get a line for each finding and a summary; no id is in it, hashed or not", async () => {
  const plain = createSessionManager(store, { hashIds: false });
  const secret = (await plain.create()).id;
  await redis.command("PERSIST", `session:id:${secret}`);
  const { out, exitCode } = await run(["doctor", "--store", redis.url]);
  expect(exitCode).toBe(1);
  expect(out).toMatch(/^ERROR {4}1 record \(.{8}…\) has no TTL/m);
  expect(out).toMatch(/\n\nErrors: 1, warnings: 0, notes: 0\.\n$/);
  expect(out).not.toContain(secret);
  expect(out).not.toContain(id);
});
