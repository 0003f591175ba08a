import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { type CreateStore, describeSessionStore } from "@ventostack/store-testkit";
import { startRedis } from "@ventostack/testing/redis";
import { RedisClient } from "bun";
import { createKeyValueStore } from "./key-value-store.ts";

const server = await startRedis();
const redis = new RedisClient(server.url);
afterAll(async () => {
  redis.close();
  await server.stop();
});

const createStore: CreateStore = ({ space, step }) =>
  createKeyValueStore(
    {
      async send(command, args) {
        await step();
        return redis.send(command, args);
      },
    },
    `${space}:`,
  );

describeSessionStore("the key-value store", createStore, { connectAgain: createStore });

test("a record that is not JSON is a corrupt one, and stays", async () => {
  const store = createKeyValueStore(redis, "corrupt:");
  await server.command("SET", "corrupt:a", "1\n{", "PX", 60_000);
  const error = await store.get("a").catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: "CORRUPT_RECORD" });
  expect(await server.command("GET", "corrupt:a")).toBe("1\n{");
});

test("the program runs", async () => {
  const program = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts")], {
    env: { ...process.env, REDIS_URL: server.url },
  });
  expect(await program.exited).toBe(0);
  expect(await program.stdout.text()).toBe(
    [
      'two updates at once: {\n  userId: "ada",\n  visits: 1,\n  theme: "dark",\n}',
      "the old id after a change of id: null",
      "a late update of a destroyed session: null\n",
    ].join("\n"),
  );
});

test("the documentation shows the store as it is", async () => {
  const page = await Bun.file(join(import.meta.dir, "../../docs/writing-a-store.md")).text();
  expect(page).toContain(await Bun.file(join(import.meta.dir, "key-value-store.ts")).text());
});
