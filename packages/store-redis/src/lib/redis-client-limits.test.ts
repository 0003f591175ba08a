import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { type RedisProxy, type RedisServer, startProxy, startRedis, until } from "@ventostack/testing/redis";
import { createRedisClient } from "./redis-client.ts";
import { createSingleConnection } from "./single-connection.ts";

let redis: RedisServer;
let proxy: RedisProxy;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  if (!redis.isRunning) await redis.restart();
  await redis.command("FLUSHALL");
  proxy = await startProxy(redis.port);
});
afterEach(async () => {
  redis.thaw();
  await proxy.close();
});

/** Longer than a test may take: a call that settles has not waited for it. */
const NEVER = 100_000;

const messageOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "resolved",
    (error: Error) => error.message,
  );

/** Of everybody but the test itself. */
async function countConnections(): Promise<number> {
  const list = String(await redis.command("CLIENT", "LIST"))
    .trim()
    .split("\n");
  return list.length - 1;
}

test("no more than maxQueue commands wait: further ones reject at once, until there is room", async () => {
  const client = createRedisClient({ url: redis.url, maxQueue: 3, commandTimeout: NEVER });
  await client.set("key", "value");
  await redis.freeze();
  const waiting = [client.get("key"), client.get("key"), client.get("key")];
  expect(await messageOf(client.get("key"))).toBe("3 Redis commands are waiting already (option maxQueue).");
  redis.thaw();
  expect(await Promise.all(waiting)).toEqual(["value", "value", "value"]);
  expect(await client.get("key")).toBe("value");
  await client.close();
});

test("maxQueue bounds what waits for a server that is down, too", async () => {
  const client = createRedisClient({ url: redis.url, maxQueue: 2, commandTimeout: NEVER });
  await redis.kill();
  const waiting = [client.get("key"), client.get("key")];
  expect(await messageOf(client.get("key"))).toContain("maxQueue");
  await redis.restart();
  expect(await Promise.all(waiting)).toEqual([null, null]);
  await client.close();
});

test("a command without an answer in time makes the client leave that connection, and the next one is served", async () => {
  const client = createRedisClient({ url: proxy.url, commandTimeout: 300 });
  await redis.command("SET", "a", "of a");
  await redis.command("SET", "b", "of b");
  const before = await until(() => client.send("CLIENT", ["ID"]));
  const held = proxy.holdAfter(({ args }) => args[0] === "a");
  expect(await messageOf(client.get("a"))).toBe(
    "Redis gave no answer to GET within 300 ms (option commandTimeout)",
  );
  await held.reached;
  // The answer for a is still on its way.
  expect(await until(() => client.get("b"))).toBe("of b");
  expect(await until(() => client.send("CLIENT", ["ID"]))).not.toBe(before);
  held.release();
  expect(await until(() => client.get("a"))).toBe("of a");
  await client.close();
});

test("a connection is not suspected for a command that had to wait for it", async () => {
  const young = createSingleConnection({ url: redis.url, tls: undefined, timeout: NEVER });
  const id = await young.send("", "CLIENT", ["ID"]);
  young.suspect();
  expect(await young.send("", "CLIENT", ["ID"])).toBe(id);
  await young.close();

  const old = createSingleConnection({ url: redis.url, tls: undefined, timeout: 500 });
  const first = await old.send("", "CLIENT", ["ID"]);
  await until(async () => {
    old.suspect();
    return (await old.send("", "CLIENT", ["ID"])) !== first;
  });
  await old.close();
});

test("close rejects commands that are under way and those that wait, and all later ones; it may be repeated", async () => {
  const connected = createRedisClient({ url: redis.url, commandTimeout: NEVER });
  await connected.set("key", "value");
  await redis.freeze();
  const underWay = messageOf(connected.get("key"));
  await connected.close();
  expect(await underWay).not.toBe("resolved");

  const connecting = createRedisClient({ url: redis.url, commandTimeout: NEVER });
  const waiting = messageOf(connecting.get("key"));
  await connecting.close();
  expect(await waiting).toBe("The Redis client has been closed.");

  for (const client of [connected, connecting]) {
    expect(await messageOf(client.get("key"))).toBe("The Redis client has been closed.");
    await Promise.all([client.close(), client.close()]);
  }
});

test("close leaves no connection at the server, nor does a client that was closed while it connected", async () => {
  const clients = Array.from({ length: 5 }, () => createRedisClient({ url: redis.url }));
  await Promise.all(clients.map((client) => client.set("key", "value")));
  expect(await countConnections()).toBeGreaterThanOrEqual(5);
  const early = createRedisClient({ url: redis.url });
  const rejected = messageOf(early.get("key"));
  await Promise.all([early, ...clients].map((client) => client.close()));
  expect(await rejected).toBe("The Redis client has been closed.");
  await until(async () => (await countConnections()) === 0);
});

test("no connection is left behind by any number of outages", async () => {
  const client = createRedisClient({ url: proxy.url, commandTimeout: NEVER });
  for (let n = 0; n < 20; n++) {
    await until(() => client.set("key", "value"));
    proxy.cut();
  }
  await until(() => client.get("key"));
  await until(async () => (await countConnections()) === 1);
  await client.close();
  await until(async () => (await countConnections()) === 0);
});

test("a connection that was lost while nobody used it is replaced before anybody asks", async () => {
  const client = createRedisClient({ url: proxy.url });
  await until(() => client.set("key", "value"));
  const { length } = proxy.commands;
  proxy.cut();
  await until(() => proxy.commands.length > length && proxy.connections === 1);
  await client.close();
});

const NOBODY = "redis://127.0.0.1:1";
const programs: readonly [name: string, url: () => string, body: string][] = [
  ["was used", () => redis.url, 'await client.set("key", "value"); await client.close();'],
  [
    "never connected",
    () => NOBODY,
    'const call = client.get("key"); await client.close(); await call.catch(() => {});',
  ],
  [
    "never connected, and was waited for",
    () => NOBODY,
    'await client.get("key").catch(() => {}); await client.close();',
  ],
  ["was never used", () => NOBODY, ""],
];

test.concurrent.each(programs)("a process whose client %s ends by itself", async (_, url, body) => {
  const module = JSON.stringify(join(import.meta.dir, "redis-client.ts"));
  const program = `
    import { createRedisClient } from ${module};
    const client = createRedisClient({ url: ${JSON.stringify(url())}, commandTimeout: 500 });
    ${body}
  `;
  const child = Bun.spawn([process.execPath, "-e", program], { stdout: "ignore", stderr: "inherit" });
  try {
    await until(() => child.exitCode !== null, 10_000, "the process ends");
    expect(child.exitCode).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});

test("a process ends though its server hangs while the client connects", async () => {
  const module = JSON.stringify(join(import.meta.dir, "redis-client.ts"));
  const program = `
    import { createRedisClient } from ${module};
    const client = createRedisClient({ url: ${JSON.stringify(proxy.url)}, commandTimeout: ${NEVER} });
    const call = client.get("key");
    process.once("message", async () => {
      await client.close();
      await call.catch(() => {});
      process.disconnect();
    });
  `;
  proxy.freeze();
  const child = Bun.spawn([process.execPath, "-e", program], {
    ipc() {},
    stdout: "ignore",
    stderr: "inherit",
  });
  try {
    await until(() => proxy.connections === 1, 10_000, "it connects");
    child.send("close");
    await until(() => child.exitCode !== null, 10_000, "the process ends");
    expect(child.exitCode).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});
