import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { createService, createSessions, errorOf, type Ids, LONG, type Service } from "./fault.test-kit.ts";

let redis: RedisServer;
let service: Service;
let ids: Ids;

beforeAll(async () => {
  redis = await startRedis();
  service = createService(redis.url, LONG);
});
afterAll(async () => {
  await service.client.close();
  await redis.stop();
});
beforeEach(async () => {
  await redis.command("FLUSHALL");
  ids = await createSessions(redis);
});

const keyOf = (id: string): string => `session:id:${service.sessions.handleOf(id)}`;
const codeOf = async (call: Promise<unknown>): Promise<unknown> => (await errorOf(call))?.code;

const spoilt: readonly [name: string, commands: (key: string) => readonly (readonly string[])[]][] = [
  [
    "a list",
    (key) => [
      ["DEL", key],
      ["RPUSH", key, "a"],
      ["PEXPIRE", key, "3600000"],
    ],
  ],
  [
    "a hash",
    (key) => [
      ["DEL", key],
      ["HSET", key, "a", "b"],
      ["PEXPIRE", key, "3600000"],
    ],
  ],
  ["no JSON", (key) => [["SET", key, '{"v":1,"exp":', "PX", "3600000"]]],
  ["another JSON", (key) => [["SET", key, "[]", "PX", "3600000"]]],
  ["the empty text", (key) => [["SET", key, "", "PX", "3600000"]]],
  ["a record of a later version", (key) => [["SETRANGE", key, "5", "2"]]],
];

test.each(spoilt)("%s under a session's key is a corrupt record, and stays as it is", async (_, commands) => {
  const { sessions } = service;
  const key = keyOf(ids.anonymous);
  for (const command of commands(key)) await redis.command(...command);
  const before = await redis.command("DUMP", key);
  for (const call of [
    () => sessions.get(ids.anonymous),
    () => sessions.update(ids.anonymous, { seen: true }),
    () => sessions.touch(ids.anonymous),
    () => sessions.refreshIfDue(ids.anonymous),
    () => sessions.regenerate(ids.anonymous),
  ]) {
    expect(await codeOf(call())).toBe("CORRUPT_RECORD");
  }
  expect(await redis.command("DUMP", key)).toEqual(before);
  expect(await redis.command("PTTL", key)).toBeGreaterThan(0);
  // A move that failed has left no copy.
  expect(await redis.command("KEYS", "session:id:*")).toHaveLength(3);
  expect((await sessions.get(ids.first))?.data).toEqual({ userId: "u", n: 1 });
});

test("a key of another type is not destroyed as if it were a session", async () => {
  const key = keyOf(ids.anonymous);
  await redis.command("DEL", key);
  await redis.command("RPUSH", key, "a");
  expect(await codeOf(service.sessions.destroy(ids.anonymous))).toBe("CORRUPT_RECORD");
  expect(await redis.command("LLEN", key)).toBe(1);
});

test("a key of another type in place of a user's set is a fault, neither no sessions nor a session outside of it", async () => {
  const { sessions } = service;
  const [set = ""] = (await redis.command("KEYS", "session:user:*")) as string[];
  await redis.command("SET", set, "something", "PX", 3_600_000);
  const before = await redis.command("DBSIZE");
  for (const call of [
    () => sessions.create({ userId: "u" }),
    () => sessions.listByUser("u"),
    () => sessions.destroyByUser("u"),
    () => sessions.update(ids.anonymous, { userId: "u" }),
    () => sessions.regenerate(ids.first),
  ]) {
    expect(await codeOf(call())).toMatch(/^(CORRUPT_RECORD|STORE_UNAVAILABLE)$/);
  }
  expect(await redis.command("DBSIZE")).toBe(before);
  expect((await sessions.get(ids.anonymous))?.data).toEqual({ n: 3 });
  expect((await sessions.get(ids.first))?.data).toEqual({ userId: "u", n: 1 });
  expect((await sessions.create({ userId: "other" })).data).toEqual({ userId: "other" });
});
