import { expect, test } from "bun:test";
import { startSentinel } from "./sentinel.ts";
import { until } from "./until.ts";

test("sentinels name the master, and another one when it is killed, with its data", async () => {
  await using sentinel = await startSentinel({ replicas: 2 });
  expect(sentinel.sentinels).toHaveLength(3);
  const first = await sentinel.master();
  expect(first).toBe(sentinel.servers[0] ?? first);
  await first.command("SET", "key", "value");
  await first.command("WAIT", 2, 1000);
  expect(await sentinel.killMaster()).toBe(first);
  const second = await sentinel.failedOver(first);
  expect(second).not.toBe(first);
  expect(await second.command("GET", "key")).toBe("value");
  expect(await second.command("SET", "key", "new")).toBe("OK");
  expect(await sentinel.master()).toBe(second);
  // The old one comes back as a replica.
  await first.restart();
  await until(async () => String(await first.command("ROLE")).startsWith("slave"), 15_000);
}, 60_000);
