import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { type RedisCluster, type RedisServer, startCluster } from "@ventostack/testing/redis";
import { createRedisClient, createRedisSessionStore, type RedisClient } from "../index.ts";
import { createSessions, keyOf } from "./group.test-kit.ts";
import { startLoad } from "./load.test-kit.ts";

setDefaultTimeout(60_000);

let cluster: RedisCluster;
let client: RedisClient;
let sessions: SessionManager;

beforeAll(async () => {
  cluster = await startCluster();
  client = createRedisClient({ cluster: cluster.urls });
  sessions = createSessions(client);
});
afterAll(async () => {
  await client.close();
  await cluster.stop();
});

async function nodesOf(ids: readonly string[]): Promise<RedisServer[]> {
  return Promise.all(ids.map((id) => cluster.nodeOf(keyOf(sessions, id))));
}

test("sessions are spread over all masters", async () => {
  const made = await Promise.all(Array.from({ length: 60 }, (_, n) => sessions.create({ n })));
  for (const master of cluster.nodes.slice(0, 3)) {
    const keys = String(await master.command("KEYS", "*"));
    const on = made.filter(({ id }) => keys.includes(sessions.handleOf(id)));
    expect(on.length).toBeGreaterThan(5);
    expect(on.length).toBeLessThan(40);
  }
});

test("a prefix with braces, which would put them on one node, is refused", () => {
  for (const keyPrefix of ["{app}:", "app{", "}"]) {
    const error = expect.objectContaining({ name: "SessionError", code: "INVALID_OPTION" });
    expect(() => createRedisSessionStore({ client, keyPrefix })).toThrow(error);
  }
});

test("log-out-everywhere ends the user's sessions on all nodes, and counts them", async () => {
  const made = await Promise.all(Array.from({ length: 30 }, () => sessions.create({ userId: "ada" })));
  const [mine = "", ...others] = made.map(({ id }) => id);
  expect(new Set(await nodesOf(others)).size).toBe(3);
  expect(await sessions.listByUser("ada")).toHaveLength(30);
  expect(await sessions.destroyByUser("ada", { except: mine })).toBe(29);
  for (const id of others) expect(await sessions.get(id)).toBeNull();
  expect(await sessions.destroyByUser("ada")).toBe(1);
});

test("slots move under load: no call fails, and nothing is lost", async () => {
  const made = await Promise.all(Array.from({ length: 8 }, (_, n) => sessions.create({ n })));
  const ids = made.map(({ id }) => id);
  await using load = startLoad(sessions, ids, { logins: true });
  for (const id of ids) {
    const slot = await cluster.slotOf(keyOf(sessions, id));
    const from = await cluster.masterOf(slot);
    const to = cluster.nodes.slice(0, 3).find((other) => other !== from) ?? from;
    const move = await cluster.startSlotMove(slot, to);
    // Half way: the old node answers ASK for what has moved.
    expect(await move.moveKeys(1)).toBe(1);
    await load.served(1);
    await move.finish();
    // And MOVED from now on.
    await load.served(2);
    expect(await cluster.nodeOf(keyOf(sessions, id))).toBe(to);
  }
  expect(await load.stop()).toEqual({ failures: [], lostUpdates: [], lostSessions: [] });
  await cluster.healthy();
});
