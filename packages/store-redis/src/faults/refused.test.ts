import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  reads,
  removals,
  SHORT,
  textOf,
  writes,
} from "./fault.test-kit.ts";

let redis: RedisServer;
let dir: string;
let ids: Ids;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "ventostack-"));
  redis = await startRedis({ dir });
});
afterAll(async () => {
  await redis.stop();
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  // However the test before has ended.
  await redis.command("REPLICAOF", "NO", "ONE");
  await redis.command("CONFIG", "SET", "maxmemory", 0, "save", "", "replica-serve-stale-data", "yes");
  await redis.command("FLUSHALL");
  ids = await createSessions(redis);
});

const config = (name: string, value: string | number): Promise<unknown> =>
  redis.command("CONFIG", "SET", name, value);

/** The text of what the server answered to a call that was refused. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  return textOf(await errorOf(call));
}

test("READONLY: a server that became a replica refuses writes, reads go on, and so does service afterwards", async () => {
  await using service = createService(redis.url, LONG);
  await redis.command("REPLICAOF", "127.0.0.1", 1);
  expectAll(await outcomes({ ...writes, ...removals }, service, ids, LONG), "STORE_UNAVAILABLE");
  expectAll(await outcomes(reads, service, ids, LONG), "resolved");
  expect(await refusalOf(service.sessions.update(ids.first, {}))).toContain("READONLY");
  await redis.command("REPLICAOF", "NO", "ONE");
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});

test("READONLY: where the address leads to the new primary by now, the client goes there", async () => {
  await using successor = await startRedis();
  let port = redis.port;
  // Stands for a name, or a balancer.
  const address = createServer((client) => {
    const server = connect(port, "127.0.0.1");
    for (const socket of [client, server]) socket.on("error", () => undefined);
    client.pipe(server).pipe(client);
    client.on("close", () => server.destroy());
  });
  await new Promise<void>((resolve) => address.listen(0, "127.0.0.1", resolve));
  const { port: own } = address.address() as AddressInfo;
  await using service = createService(`redis://127.0.0.1:${own}`, {
    commandTimeout: 1000,
    storeTimeout: 2000,
  });
  await until(() => service.sessions.get(ids.first));
  port = successor.port;
  await redis.command("REPLICAOF", "127.0.0.1", successor.port);
  await expectServiceResumes(service);
  expect(await successor.command("DBSIZE")).toBeGreaterThan(0);
  address.close();
  await redis.command("REPLICAOF", "NO", "ONE");
});

test("MASTERDOWN: a replica that may not answer is a fault, and nobody is signed out by it", async () => {
  await using service = createService(redis.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  await config("replica-serve-stale-data", "no");
  await redis.command("REPLICAOF", "127.0.0.1", 1);
  expectAll(await outcomes(everything, service, ids, SHORT), "STORE_UNAVAILABLE", "STORE_TIMEOUT");
  expect(await refusalOf(service.sessions.get(ids.first))).toContain("MASTERDOWN");
  await redis.command("REPLICAOF", "NO", "ONE");
  await config("replica-serve-stale-data", "yes");
  expect((await until(() => service.sessions.get(ids.first)))?.data).toEqual({ userId: "u", n: 1 });
});

test("OOM: writes are refused whole; sessions can be read and ended", async () => {
  await using service = createService(redis.url, LONG);
  await config("maxmemory", 1);
  expectAll(await outcomes(writes, service, ids, LONG), "STORE_UNAVAILABLE");
  expect(await refusalOf(service.sessions.create({}))).toContain("OOM");
  expectAll(await outcomes(reads, service, ids, LONG), "resolved");
  await service.sessions.destroy(ids.anonymous);
  expect(await service.sessions.destroyByUser("u")).toBe(2);
  expect(await service.sessions.get(ids.first)).toBeNull();
  await config("maxmemory", 0);
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});

test("MISCONF: a server that cannot save refuses writes, and service resumes when it can", async () => {
  await using service = createService(redis.url, LONG);
  const saved = join(dir, "dump.rdb");
  const saveUntil = (status: string): Promise<unknown> =>
    until(async () => {
      await redis.command("BGSAVE").catch(() => undefined);
      return String(await redis.command("INFO", "persistence")).includes(`rdb_last_bgsave_status:${status}`);
    });
  await rm(saved, { force: true });
  await mkdir(saved);
  await config("save", "3600 1000000");
  await saveUntil("err");
  // It refuses even PING: nobody could read who connects only now, if that were taken for a server that is down.
  expect(await redis.command("PING").catch(String)).toContain("MISCONF");
  expectAll(await outcomes({ ...writes, ...removals }, service, ids, LONG), "STORE_UNAVAILABLE");
  expect(await refusalOf(service.sessions.create({}))).toContain("MISCONF");
  expectAll(await outcomes(reads, service, ids, LONG), "resolved");
  await rmdir(saved);
  await saveUntil("ok");
  await config("save", "");
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});

test("NOSCRIPT: after SCRIPT FLUSH every operation works with its first call", async () => {
  await using service = createService(redis.url, LONG);
  for (const [name, operation] of Object.entries({ ...reads, ...writes, ...removals })) {
    await redis.command("SCRIPT", "FLUSH");
    expect([name, await errorOf(operation(service.sessions, ids))]).toEqual([name, undefined]);
  }
});
