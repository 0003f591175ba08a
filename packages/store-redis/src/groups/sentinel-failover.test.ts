import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { type RedisSentinel, type RedisServer, startSentinel, until } from "@ventostack/testing/redis";
import { createRedisClient, type RedisClient } from "../index.ts";
import {
  createPatientSessions,
  expectOutage,
  PATIENT_COMMAND_TIMEOUT,
  replicated,
} from "./group.test-kit.ts";
import { startLoad } from "./load.test-kit.ts";

setDefaultTimeout(120_000);

let group: RedisSentinel;
let client: RedisClient;
let sessions: SessionManager;
let ids: string[];

beforeAll(async () => {
  group = await startSentinel();
  const sentinel = { name: group.name, nodes: group.sentinels };
  client = createRedisClient({ sentinel, commandTimeout: PATIENT_COMMAND_TIMEOUT });
  sessions = createPatientSessions(client);
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, n) => until(() => sessions.create({ n }), 20_000, "a session is made")),
  );
  ids = made.map(({ id }) => id);
});
afterAll(async () => {
  await client.close();
  await group.stop();
});

/** Until it follows the new master, and the sentinels know. */
async function isReplica(server: RedisServer): Promise<void> {
  await until(
    async () => String(await server.command("ROLE")).includes("connected"),
    20_000,
    "it is a replica",
  );
}

async function scriptsKnown(server: RedisServer): Promise<number> {
  const info = String(await server.command("INFO", "memory"));
  return Number(/number_of_cached_scripts:(\d+)/.exec(info)?.[1]);
}

test("the master is killed under load: calls fail in time, and its successor has what was replicated", async () => {
  await using load = startLoad(sessions, ids, { logins: true });
  await load.served(2);
  const master = await group.master();
  await replicated(master, "marker");
  const replica = group.servers.find((server) => server !== master);
  // What the master knows of scripts, its successor does not.
  await replica?.command("SCRIPT", "FLUSH");
  expect(replica && (await scriptsKnown(replica))).toBe(0);
  await master.kill();
  await until(() => load.failures.length > 0, 30_000, "calls fail");
  expect(await group.failedOver(master)).toBe(replica ?? master);
  await load.served(3);
  const { failures, lostSessions } = await load.stop();
  expect(lostSessions.filter((text) => text.startsWith("of"))).toEqual([]);
  expectOutage(failures);
  for (const id of ids) expect((await sessions.get(id))?.data).toMatchObject({ n: expect.any(Number) });
  expect(replica && (await scriptsKnown(replica))).toBeGreaterThan(0);
});

test("the old master comes back as a replica: nobody notices", async () => {
  await using load = startLoad(sessions, ids, { logins: true });
  const old = group.servers.find((server) => !server.isRunning);
  await old?.restart();
  if (old) await isReplica(old);
  await load.served(3);
  expect(await load.stop()).toEqual({ failures: [], lostUpdates: [], lostSessions: [] });
});

test("a master that is demoted under load answers READONLY: the client goes to the new one", async () => {
  await using load = startLoad(sessions, ids, { logins: true });
  await load.served(2);
  const old = await group.master();
  const next = group.servers.find((server) => server !== old) ?? old;
  await replicated(old, "marker");
  await next.command("REPLICAOF", "NO", "ONE");
  await old.command("REPLICAOF", next.host, next.port);
  const refusals = async (): Promise<boolean> =>
    String(await old.command("INFO", "errorstats")).includes("errorstat_READONLY");
  await until(refusals, 30_000, "it refuses to write");
  expect(await group.failedOver(old)).toBe(next);
  await isReplica(old);
  await load.served(3);
  const { failures, lostSessions } = await load.stop();
  expect(lostSessions.filter((text) => text.startsWith("of"))).toEqual([]);
  expectOutage(failures);
});

test("a master that hangs under load gives way to its successor", async () => {
  await using load = startLoad(sessions, ids, { logins: false });
  await load.served(2);
  const master = await group.master();
  await replicated(master, "marker");
  await master.freeze();
  try {
    await until(() => load.failures.length > 0, 30_000, "calls fail");
    await group.failedOver(master);
    await load.served(3);
  } finally {
    master.thaw();
  }
  await isReplica(master);
  await load.served(3);
  const { failures, lostSessions } = await load.stop();
  expect(lostSessions).toEqual([]);
  expectOutage(failures);
});
