import { afterAll, beforeAll, describe, test } from "bun:test";
import { createSessionManager } from "@ventostack/auth-core";
import { checkPrograms, type OpenStore, type StoreUnderTest } from "@ventostack/testing/histories";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { createRedisClient, createRedisSessionStore, type RedisClient } from "../index.ts";
import { expectSound, loadScripts } from "./database.test-kit.ts";

let server: RedisServer;
let client: RedisClient;

beforeAll(async () => {
  server = await startRedis();
  await loadScripts(server);
  client = createRedisClient({ url: server.url, commandTimeout: 20_000 });
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

async function emptied(open: OpenStore): Promise<OpenStore> {
  await client.send("FLUSHALL", []);
  return open;
}

/** By their names, as the script of a history that failed names them. Each command to the server is a step. */
const stores = {
  Redis: {
    name: "Redis",
    open: () =>
      emptied({
        clock: Date.now,
        manager: (options, takeTurn) =>
          createSessionManager(
            createRedisSessionStore({
              client: {
                send: (command: string, args: string[]) => takeTurn(() => client.send(command, args)),
              },
            }),
            options,
          ),
      }),
  },
  "Redis by a client of seven methods": {
    name: "Redis by a client of seven methods",
    open: () =>
      emptied({
        clock: Date.now,
        isPlain: true,
        manager: (options, takeTurn) =>
          createSessionManager(
            createRedisSessionStore({
              client: {
                get: (key) => takeTurn(() => client.get(key)),
                set: (key, value) => takeTurn(() => client.set(key, value)),
                expire: (key, seconds) => takeTurn(() => client.expire(key, seconds)),
                del: (key) => takeTurn(() => client.del(key)),
                sadd: (key, ...members) => takeTurn(() => client.sadd(key, ...members)),
                srem: (key, ...members) => takeTurn(() => client.srem(key, ...members)),
                smembers: (key) => takeTurn(() => client.smembers(key)),
              },
            }),
            options,
          ),
      }),
  },
} satisfies Record<string, StoreUnderTest>;

describe("whatever several clients do at once, some order of their calls explains all answers (G1, G2, G3, G5)", () => {
  test("Redis, a store and a manager for each client", async () => {
    await checkPrograms(stores.Redis, { byUser: true, runs: 150 });
    await expectSound(server);
  });

  test("Redis by a client of seven methods, one manager", async () => {
    await checkPrograms(stores["Redis by a client of seven methods"], { byUser: false, runs: 50 });
  });
});
