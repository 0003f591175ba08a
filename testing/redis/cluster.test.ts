import { afterAll, beforeAll, expect, test } from "bun:test";
import { type RedisCluster, startCluster } from "./cluster.ts";
import { ReplyError } from "./resp.ts";
import { until } from "./until.ts";

// Redis takes two seconds at least to form a cluster, and as long for a failover; more on a busy machine.
const MILLISECONDS = 60_000;

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startCluster();
}, MILLISECONDS);
afterAll(() => cluster.stop());

async function errorOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  return error instanceof ReplyError ? error.message : `no error, but ${String(error)}`;
}

test("it serves from the start: each key at its node, and a redirection from the others", async () => {
  expect(cluster.nodes).toHaveLength(6);
  expect(await cluster.slotOf("foo")).toBe(12182);
  expect(await cluster.nodeOf("foo")).toBe(await cluster.shardMaster(2));
  expect(await cluster.command("SET", "foo", "bar")).toBe("OK");
  const other = await cluster.shardMaster(0);
  const { port } = await cluster.nodeOf("foo");
  expect(await errorOf(other.command("GET", "foo"))).toBe(`MOVED 12182 127.0.0.1:${port}`);
  const keys = ["a", "b", "c", "d", "e", "f"];
  expect(await Promise.all(keys.map((key) => cluster.command("SET", key, key)))).toEqual(
    keys.map(() => "OK"),
  );
  expect(await errorOf(other.command("DEL", "a", "b"))).toStartWith("CROSSSLOT");
});

test("a slot moves with its keys and their expiry, step by step", async () => {
  const keys = ["{m}1", "{m}2", "{m}3"];
  for (const key of keys) await cluster.command("SET", key, key, "PX", 60_000);
  const slot = await cluster.slotOf("{m}");
  const from = await cluster.masterOf(slot);
  const to = await cluster.shardMaster(from === (await cluster.shardMaster(0)) ? 1 : 0);
  const move = await cluster.startSlotMove(slot, to);
  expect(await move.moveKeys(1)).toBe(1);
  const answers = await Promise.all(
    keys.map((key) => from.command("GET", key).catch((error: Error) => error)),
  );
  expect(answers.filter((answer) => answer instanceof ReplyError).map(String)).toEqual([
    `ReplyError: ASK ${slot} 127.0.0.1:${to.port}`,
  ]);
  await move.finish();
  await cluster.healthy();
  expect(await cluster.masterOf(slot)).toBe(to);
  for (const key of keys) {
    expect(await to.command("GET", key)).toBe(key);
    expect(Number(await to.command("PTTL", key))).toBeGreaterThan(30_000);
  }
  expect(await errorOf(from.command("GET", "{m}1"))).toStartWith("MOVED");
  await cluster.moveSlot(slot, from);
  expect(await from.command("GET", "{m}1")).toBe("{m}1");
});

test(
  "a replica takes over from a master that is killed, with its data",
  async () => {
    const master = await cluster.nodeOf("foo");
    await cluster.command("SET", "foo", "kept");
    await master.command("WAIT", 1, 1000);
    expect(await cluster.killMaster(2)).toBe(master);
    const successor = await cluster.failedOver(2, master);
    expect(successor).not.toBe(master);
    expect(await cluster.nodeOf("foo")).toBe(successor);
    expect(await cluster.command("GET", "foo")).toBe("kept");
    expect(await cluster.command("SET", "foo", "new")).toBe("OK");
    // The old one comes back as a replica.
    await master.restart();
    await until(async () => String(await master.command("ROLE")).startsWith("slave"), 15_000);
    await cluster.healthy();
  },
  MILLISECONDS,
);
