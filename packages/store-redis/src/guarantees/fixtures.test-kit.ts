import { createSessionManager, type SessionManager, type SessionOptions } from "@ventostack/auth-core";
import { type RedisProxy, type RedisServer, startProxy, startRedis } from "@ventostack/testing/redis";
import { createRedisClient, createRedisSessionStore, type RedisClient } from "../index.ts";
import { loadScripts } from "./database.test-kit.ts";
import { startWorkers, type Worker } from "./workers.test-kit.ts";

/** A server and processes that share it. */
export interface Fixture {
  readonly server: RedisServer;
  readonly workers: readonly Worker[];
  worker(number: number): Worker;
  /** In this process, for what needs no other one. */
  readonly client: RedisClient;
  readonly proxy: RedisProxy;
  manager(options?: SessionOptions, keyPrefix?: string): SessionManager;
  stop(): Promise<void>;
}

export async function startFixture(count = 0, options: { direct?: boolean } = {}): Promise<Fixture> {
  const server = await startRedis();
  await loadScripts(server);
  const workers = await startWorkers(server, count, options);
  const proxy = await startProxy(server.port);
  const client = createRedisClient({ url: proxy.url, commandTimeout: 20_000 });
  await client.send("PING", []);
  return {
    server,
    workers,
    worker(number) {
      const worker = workers[number];
      if (worker === undefined) throw new Error(`There is no worker ${number}.`);
      return worker;
    },
    client,
    proxy,
    manager: (sessionOptions = {}, keyPrefix = "app:session:") =>
      createSessionManager(createRedisSessionStore({ client, keyPrefix }), {
        storeTimeout: 20_000,
        ...sessionOptions,
      }),
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await client.close();
      await proxy.close();
      await server.stop();
    },
  };
}
