import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
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
beforeEach(async () => {
  if (!redis.isRunning) await redis.restart();
  await redis.command("FLUSHALL");
  ids = await createSessions(redis);
});

test("commands under way when the server dies reject at once, as unavailable", async () => {
  await using service = createService(redis.url, LONG);
  expect(await service.sessions.get(ids.first)).not.toBeNull();
  await redis.freeze();
  const pending = outcomes(everything, service, ids, LONG);
  await redis.kill();
  expectAll(await pending, "STORE_UNAVAILABLE");
});

test("while the server is down every call rejects in time; with its data back, so are the sessions", async () => {
  await using service = createService(redis.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  await redis.command("SAVE");
  await redis.kill();
  expectAll(await outcomes(everything, service, ids, SHORT), "STORE_TIMEOUT", "STORE_UNAVAILABLE");
  await redis.restart({ keepData: true });
  const found = await until(() => service.sessions.get(ids.first), 10_000);
  expect(found.data).toEqual({ userId: "u", n: 1 });
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});

test("a server that lost its data has no sessions: that is an answer, not a fault", async () => {
  await using service = createService(redis.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  await redis.restart();
  expect(await until(async () => [await service.sessions.get(ids.first)], 10_000)).toEqual([null]);
  // Its scripts are gone as well.
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});

test("an outage of many attempts to connect is over with the first call after the server is back", async () => {
  await using service = createService(redis.url, { commandTimeout: 400, storeTimeout: 600 });
  await until(() => service.sessions.get(ids.first));
  await redis.kill();
  // Bun's own client would have given up for good after 20 attempts.
  let failures = 0;
  while (failures < 25) if (await errorOf(service.sessions.get(ids.first))) failures++;
  const error = await errorOf(service.sessions.get(ids.first));
  expect(error?.code).toBe("STORE_UNAVAILABLE");
  expect(textOf(error)).toContain(`ECONNREFUSED 127.0.0.1:${redis.port}`);
  await redis.restart();
  expect(await service.sessions.get(ids.first)).toBeNull();
});

test("a client that is made while the server is down works once it is up", async () => {
  await redis.kill();
  await using service = createService(redis.url, SHORT);
  expectAll(await outcomes(everything, service, ids, SHORT), "STORE_TIMEOUT", "STORE_UNAVAILABLE");
  await redis.restart();
  await expectServiceResumes(service);
});

test("a restart that is shorter than the time limit is not noticed by the calls that come meanwhile", async () => {
  await using service = createService(redis.url, LONG);
  await service.sessions.get(ids.first);
  await redis.command("SAVE");
  await redis.freeze();
  const underWay = errorOf(service.sessions.get(ids.first));
  await redis.kill();
  expect((await underWay)?.code).toBe("STORE_UNAVAILABLE");
  const read = service.sessions.get(ids.first);
  const written = service.sessions.update(ids.second, { seen: true });
  await redis.restart({ keepData: true });
  expect((await read)?.data).toEqual({ userId: "u", n: 1 });
  await written;
  expect((await service.sessions.get(ids.second))?.data).toEqual({ userId: "u", n: 2, seen: true });
});
