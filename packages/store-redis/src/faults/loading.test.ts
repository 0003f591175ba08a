import { expect, test } from "bun:test";
import { startRedis, until } from "@ventostack/testing/redis";
import {
  createService,
  createSessions,
  errorOf,
  everything,
  expectAll,
  expectNoImmortalKey,
  expectServiceResumes,
  outcomes,
  SHORT,
  textOf,
} from "./fault.test-kit.ts";

test("LOADING: a server that is still reading its data is a fault, and is waited for", async () => {
  await using redis = await startRedis({
    // It looks at its clients after every kilobyte that it loads, and takes 20 ms for every key.
    args: [
      "--loading-process-events-interval-bytes",
      "1024",
      "--rdbcompression",
      "no",
      "--key-load-delay",
      "20000",
    ],
  });
  const ids = await createSessions(redis);
  for (let n = 0; n < 200; n++) await redis.command("SET", `n${n}`, "x".repeat(1024), "PX", 3_600_000);
  await using service = createService(redis.url, SHORT);
  await until(() => service.sessions.get(ids.first));
  await redis.command("SAVE");
  await redis.kill();
  const restarted = redis.restart({ keepData: true });
  await until(
    async () => textOf(await errorOf(service.sessions.get(ids.first))).includes("LOADING"),
    5000,
    "the answer is LOADING",
  );
  expectAll(await outcomes(everything, service, ids, SHORT), "STORE_UNAVAILABLE", "STORE_TIMEOUT");
  await redis.command("CONFIG", "SET", "key-load-delay", 0);
  await restarted;
  const found = await until(() => service.sessions.get(ids.first), 10_000);
  expect(found.data).toEqual({ userId: "u", n: 1 });
  await expectServiceResumes(service);
  await expectNoImmortalKey(redis);
});
