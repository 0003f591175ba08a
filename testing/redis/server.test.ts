import { expect, test } from "bun:test";
import { ReplyError } from "./resp.ts";
import { startRedis } from "./server.ts";
import { until } from "./until.ts";

test("a server answers commands and errors", async () => {
  await using server = await startRedis();
  expect(await server.command("SET", "key", "wörd")).toBe("OK");
  expect(await server.command("GET", "key")).toBe("wörd");
  expect(await server.command("GET", "none")).toBeNull();
  expect(await server.command("PTTL", "none")).toBe(-2);
  expect(await server.command("LPUSH", "list", 1, 2)).toBe(2);
  expect(await server.command("LRANGE", "list", 0, -1)).toEqual(["2", "1"]);
  const error = await server.command("LPUSH", "key", "x").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ReplyError);
  expect((error as ReplyError).code).toBe("WRONGTYPE");
  expect(await server.command("CONFIG", "GET", "save")).toEqual(["save", ""]);
});

test("a server is reached by its url, with its password", async () => {
  await using server = await startRedis({ password: "a:b/c" });
  const client = new Bun.RedisClient(server.url);
  expect(await client.ping()).toBe("PONG");
  client.close();
  expect(await server.command("PING")).toBe("PONG");
});

test("kill ends it at once, and restart brings it back on the same port", async () => {
  await using server = await startRedis();
  const { pid } = server;
  const connection = await server.connect();
  const blocked = connection.command("BLPOP", "none", 0).catch((error: Error) => error.message);
  await server.kill();
  expect(server.isRunning).toBe(false);
  expect(await blocked).toContain("closed");
  await expect(server.command("PING")).rejects.toThrow();
  await server.restart();
  expect(server.pid).not.toBe(pid);
  expect(await server.command("PING")).toBe("PONG");
});

test("data survive a restart only when asked for", async () => {
  await using server = await startRedis();
  await server.command("SET", "key", "value");
  await server.restart({ keepData: true });
  expect(await server.command("GET", "key")).toBe("value");
  await server.restart();
  expect(await server.command("GET", "key")).toBeNull();
});

test("what was written to the log survives a kill", async () => {
  await using server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
  await server.command("SET", "key", "value");
  await server.kill();
  await server.restart({ keepData: true });
  expect(await server.command("GET", "key")).toBe("value");
  await server.kill();
  await server.restart();
  expect(await server.command("GET", "key")).toBeNull();
});

test("a frozen server answers nothing until it is thawed", async () => {
  await using server = await startRedis();
  await server.command("PING");
  await server.freeze();
  let isAnswered = false;
  const answer = server.command("INCR", "n").then((value) => {
    isAnswered = true;
    return value;
  });
  const other = await server.connect();
  await expect(until(() => other.command("PING"), 100)).rejects.toThrow("Not within 100 ms");
  expect(isAnswered).toBe(false);
  server.thaw();
  expect(await answer).toBe(1);
});

test("a frozen server can be killed, restarted and stopped", async () => {
  const server = await startRedis();
  await server.freeze();
  await server.kill();
  await server.restart();
  await server.freeze();
  await server.restart({ keepData: true });
  await server.freeze();
  await server.stop();
  expect(server.isRunning).toBe(false);
});

test("monitor records what clients and scripts do, in order", async () => {
  await using server = await startRedis({ password: "secret" });
  const monitor = await server.monitor();
  await server.command("SET", "a b", 'x"\\\n\u0000é');
  await server.command("EVAL", "return redis.call('get', KEYS[1])", 1, "k");
  const commands = await monitor.stop();
  await server.command("PING");
  expect(commands.filter(({ name }) => name !== "AUTH").map(({ name, args }) => [name, ...args])).toEqual([
    ["SET", "a b", 'x"\\\n\u0000é'],
    ["EVAL", "return redis.call('get', KEYS[1])", "1", "k"],
    ["GET", "k"],
  ]);
  expect(commands.at(-1)?.client).toBe("lua");
});

test("a taken port is an error when it was asked for, and says why", async () => {
  await using server = await startRedis();
  await expect(startRedis({ port: server.port })).rejects.toThrow(/in use/);
});

test("a wrong argument is an error with the server's words", async () => {
  await expect(startRedis({ args: ["--no-such-thing", "1"] })).rejects.toThrow(/no-such-thing/);
});
