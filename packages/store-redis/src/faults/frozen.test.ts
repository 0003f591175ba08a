import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { type RedisServer, startRedis, until } from "@ventostack/testing/redis";
import {
  createService,
  createSessions,
  errorOf,
  everything,
  expectAll,
  expectNoImmortalKey,
  expectServiceResumes,
  type Ids,
  LONG,
  outcomes,
  SHORT,
  textOf,
} from "./fault.test-kit.ts";

let redis: RedisServer;
let ids: Ids;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => redis.thaw());
beforeEach(async () => {
  await redis.command("FLUSHALL");
  ids = await createSessions(redis);
});

test("a server that hangs costs each call no more than its time limit; thawed, it serves again", async () => {
  await using service = createService(redis.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  await redis.freeze();
  expect((await errorOf(service.sessions.get(ids.first)))?.code).toBe("STORE_TIMEOUT");
  for (const _ of ["within the grace period", "after it", "and later"]) {
    expectAll(await outcomes(everything, service, ids, SHORT), "STORE_TIMEOUT", "STORE_UNAVAILABLE");
  }
  redis.thaw();
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});

test("what a call that was given up has sent is carried out whole or not at all", async () => {
  await using service = createService(redis.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  await redis.freeze();
  expectAll(await outcomes(everything, service, ids, SHORT), "STORE_TIMEOUT", "STORE_UNAVAILABLE");
  redis.thaw();
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
  // Whichever of the user's sessions are there now can be found, and ended.
  await until(() => service.sessions.destroyByUser("u").then(() => true));
  for (const id of [ids.first, ids.second]) {
    expect(await until(async () => [await service.sessions.get(id)])).toEqual([null]);
  }
});

test("nothing of the server's late answers reaches the calls that come after", async () => {
  await using service = createService(redis.url, SHORT);
  const { client } = service;
  const names = Array.from({ length: 50 }, (_, n) => `key${n}`);
  for (const name of names) await redis.command("SET", name, `old ${name}`);
  await until(() => client.get("key0"));
  await redis.freeze();
  const late = names.map((name) => client.get(name).catch(() => "rejected"));
  expect(await Promise.all(late)).toEqual(names.map(() => "rejected"));
  redis.thaw();
  for (const name of names) await redis.command("SET", name, `new ${name}`);
  await until(() => client.get("key0"));
  const found = await Promise.all(names.map((name) => until(() => client.get(name))));
  expect(found).toEqual(names.map((name) => `new ${name}`));
});

test("CLIENT PAUSE: calls reject in time, and it ends by itself", async () => {
  await using service = createService(redis.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  await redis.command("CLIENT", "PAUSE", 1500, "ALL");
  expectAll(await outcomes(everything, service, ids, SHORT), "STORE_TIMEOUT", "STORE_UNAVAILABLE");
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});

test("a pause of writes leaves reads alone", async () => {
  await using service = createService(redis.url, LONG);
  await redis.command("CLIENT", "PAUSE", 20_000, "WRITE");
  expect((await service.sessions.get(ids.first))?.data).toEqual({ userId: "u", n: 1 });
  const write = service.sessions.update(ids.first, { seen: true });
  expect((await service.sessions.get(ids.second))?.data).toEqual({ userId: "u", n: 2 });
  await redis.command("CLIENT", "UNPAUSE");
  await write;
});

test("a script that does not end: calls reject with the server's answer, and go on once it is stopped", async () => {
  await redis.command("CONFIG", "SET", "busy-reply-threshold", 10);
  await using service = createService(redis.url, LONG);
  await service.sessions.get(ids.first);
  const other = await redis.connect();
  const endless = other.command("EVAL", "while true do end", 0).catch(() => "stopped");
  const error = await until(() => errorOf(service.sessions.get(ids.first)), 10_000);
  expect(error.code).toBe("STORE_UNAVAILABLE");
  expect(textOf(error)).toContain("BUSY");
  await redis.command("SCRIPT", "KILL");
  expect(await endless).toBe("stopped");
  other.close();
  await expectServiceResumes(service);
});
