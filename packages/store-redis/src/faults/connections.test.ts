import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { type RedisProxy, type RedisServer, startProxy, startRedis, until } from "@ventostack/testing/redis";
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
  type Service,
  SHORT,
  textOf,
} from "./fault.test-kit.ts";

let redis: RedisServer;
let proxy: RedisProxy;
let ids: Ids;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  // However the test before has ended.
  await redis.command("CONFIG", "SET", "maxclients", 1000, "requirepass", "");
  await redis.command("FLUSHALL");
  ids = await createSessions(redis);
  proxy = await startProxy(redis.port);
});
afterEach(() => proxy.close());

const config = (name: string, value: string | number): Promise<unknown> =>
  redis.command("CONFIG", "SET", name, value);

async function killConnection({ client }: Service): Promise<void> {
  const id = await until(() => client.send("CLIENT", ["ID"]));
  await redis.command("CLIENT", "KILL", "ID", String(id));
}

test("maxclients: a server that takes no more connections is a fault that says so, until it takes them again", async () => {
  await using service = createService(redis.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  await config("maxclients", 1);
  await killConnection(service);
  const error = await until(async () => {
    const found = await errorOf(service.sessions.get(ids.first));
    return textOf(found).includes("max number of clients") && found;
  });
  expect(error.code).toMatch(/^STORE_(UNAVAILABLE|TIMEOUT)$/);
  expectAll(await outcomes(everything, service, ids, SHORT), "STORE_UNAVAILABLE", "STORE_TIMEOUT");
  await config("maxclients", 1000);
  await expectServiceResumes(service);
});

test("another password: a fault that says so, until the old one is back", async () => {
  await using service = createService(redis.url.replace("//", "//:old-secret@"), SHORT);
  await config("requirepass", "old-secret");
  await until(() => service.sessions.get(ids.first));
  await config("requirepass", "new-secret");
  await killConnection(service);
  const error = await until(async () => {
    const found = await errorOf(service.sessions.get(ids.first));
    return textOf(found).includes("WRONGPASS") && found;
  });
  expect(Bun.inspect(error)).not.toContain("secret");
  expectAll(await outcomes(everything, service, ids, SHORT), "STORE_UNAVAILABLE", "STORE_TIMEOUT");
  await config("requirepass", "old-secret");
  await expectServiceResumes(service);
  await config("requirepass", "");
});

test("a connection reset in the middle of an answer: the call rejects, the next one has its own answer", async () => {
  await using service = createService(proxy.url, LONG);
  await service.sessions.get(ids.second);
  const cut = proxy.cutInReply("GET");
  expect((await errorOf(service.sessions.get(ids.first)))?.code).toBe("STORE_UNAVAILABLE");
  await cut;
  expect((await service.sessions.get(ids.second))?.data).toEqual({ userId: "u", n: 2 });
  expect((await service.sessions.get(ids.first))?.data).toEqual({ userId: "u", n: 1 });
});

test("a write whose answer was lost is not sent again", async () => {
  await using service = createService(proxy.url, LONG);
  await service.client.set("n", "0");
  const cut = proxy.cutAt("INCR", "unanswered");
  const failed = await service.client.send("INCR", ["n"]).then(
    () => "",
    (error: Error) => error.message,
  );
  expect(failed).not.toBe("");
  await cut;
  expect(await service.client.get("n")).toBe("1");
});

test.each(["before", "unanswered"] as const)(
  "every operation that is cut off %s rejects, and leaves nothing half-written",
  async (point) => {
    await using service = createService(proxy.url, LONG);
    for (const [name, operation] of Object.entries(everything)) {
      await service.client.get("x");
      const cut = proxy.cutAt(() => true, point);
      const error = await errorOf(operation(service.sessions, ids));
      expect([name, error?.code]).toEqual([name, "STORE_UNAVAILABLE"]);
      await cut;
    }
    await expectServiceResumes(service);
    await expectNoImmortalKey(redis);
  },
);

test("a connection that is lost as soon as it is made: calls reject or are served, none hangs", async () => {
  await using service = createService(proxy.url, SHORT);
  for (let n = 0; n < 10; n++) {
    const cut = proxy.cutAt("PING", "unanswered");
    proxy.cut();
    const found = await errorOf(service.sessions.get(ids.first), SHORT.storeTimeout * 5);
    expect(found?.code ?? "STORE_UNAVAILABLE").toMatch(/^STORE_(UNAVAILABLE|TIMEOUT)$/);
    await cut;
  }
  await expectServiceResumes(service);
});

test("a network that swallows everything: calls reject in time, and go on when it lets through again", async () => {
  await using service = createService(proxy.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  proxy.freeze();
  for (const _ of ["within the grace period", "after it"]) {
    expectAll(await outcomes(everything, service, ids, SHORT), "STORE_UNAVAILABLE", "STORE_TIMEOUT");
  }
  proxy.thaw();
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});
