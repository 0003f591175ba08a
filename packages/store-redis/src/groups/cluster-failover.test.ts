import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { type RedisCluster, type RedisServer, startCluster, until } from "@ventostack/testing/redis";
import { createRedisClient, type RedisClient } from "../index.ts";
import {
  allReplicated,
  createPatientSessions,
  expectOutage,
  keyOf,
  PATIENT_COMMAND_TIMEOUT,
} from "./group.test-kit.ts";
import { type Load, startLoad } from "./load.test-kit.ts";

setDefaultTimeout(120_000);

let cluster: RedisCluster;
let client: RedisClient;
let sessions: SessionManager;
/** Sessions by the shard that has them. */
let shards: string[][];

beforeAll(async () => {
  // With full coverage required, which is the default, all nodes refuse to serve while one shard has no master.
  cluster = await startCluster({ args: ["--cluster-require-full-coverage", "no"] });
  client = createRedisClient({ cluster: cluster.urls, commandTimeout: PATIENT_COMMAND_TIMEOUT });
  sessions = createPatientSessions(client);
  const made = await Promise.all(
    Array.from({ length: 24 }, (_, n) => until(() => sessions.create({ n }), 20_000, "a session is made")),
  );
  shards = [[], [], []];
  for (const { id } of made) {
    const shard = cluster.nodes.indexOf(await cluster.nodeOf(keyOf(sessions, id)));
    shards[shard]?.push(id);
  }
  await allReplicated(cluster);
});
afterAll(async () => {
  await client.close();
  await cluster.stop();
});

/** The sessions of that shard, and those of the others. */
function splitBy(shard: number): { hit: string[]; spared: string[] } {
  return { hit: shards[shard] ?? [], spared: shards.filter((_, at) => at !== shard).flat() };
}

const use = (manager: SessionManager, ids: readonly string[]): Load =>
  startLoad(manager, ids, { logins: false });

async function comeBack(node: RedisServer): Promise<void> {
  await node.restart();
  await until(
    async () => String(await node.command("ROLE")).includes("connected"),
    30_000,
    "it is a replica",
  );
  await cluster.healthy();
}

test("a master is killed under load: only its sessions wait, and come back by themselves", async () => {
  const ids = splitBy(0);
  await using hit = use(sessions, ids.hit);
  await using spared = use(sessions, ids.spared);
  await Promise.all([hit.served(2), spared.served(2)]);
  const master = await cluster.killMaster(0);
  await until(() => hit.failures.length > 0, 30_000, "calls for its sessions fail");
  await spared.served(2);
  await cluster.failedOver(0, master);
  await hit.served(3);
  expect(await spared.stop()).toEqual({ failures: [], lostUpdates: [], lostSessions: [] });
  const { failures, lostSessions } = await hit.stop();
  expect(lostSessions).toEqual([]);
  expectOutage(failures);
  for (const [n, id] of ids.hit.entries()) {
    expect((await sessions.get(id))?.data).toMatchObject({
      n: expect.any(Number),
      [`caller${n}`]: expect.any(Number),
    });
  }
  await comeBack(master);
});

test("a client that is made while a master is dead serves the others at once, and all after the fail-over", async () => {
  const dead = await cluster.killMaster(1);
  const late = createRedisClient({ cluster: cluster.urls, commandTimeout: PATIENT_COMMAND_TIMEOUT });
  try {
    const ids = splitBy(1);
    const lateSessions = createPatientSessions(late);
    await using hit = use(lateSessions, ids.hit);
    await using spared = use(lateSessions, ids.spared);
    await spared.served(2);
    await cluster.failedOver(1, dead);
    await hit.served(2);
    expect(await spared.stop()).toMatchObject({ failures: [], lostSessions: [] });
    const { failures, lostSessions } = await hit.stop();
    expect(lostSessions).toEqual([]);
    expectOutage(failures);
  } finally {
    await late.close();
  }
  await comeBack(dead);
});

test("a master that hangs under load gives way to its successor", async () => {
  const ids = splitBy(2);
  await using hit = use(sessions, ids.hit);
  await using spared = use(sessions, ids.spared);
  await Promise.all([hit.served(2), spared.served(2)]);
  const master = await cluster.shardMaster(2);
  await allReplicated(cluster);
  await master.freeze();
  try {
    await until(() => hit.failures.length > 0, 30_000, "calls for its sessions fail");
    await hit.served(3);
    expect(await spared.stop()).toMatchObject({ failures: [], lostSessions: [] });
  } finally {
    master.thaw();
  }
  await cluster.healthy();
  await hit.served(3);
  const { failures, lostSessions } = await hit.stop();
  expect(lostSessions).toEqual([]);
  expectOutage(failures);
});
