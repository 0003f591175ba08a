import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { createRedisClient } from "./redis-client.ts";
import type { RedisClientOptions } from "./redis-client-options.ts";

/** Has everything that a URL gives a meaning to. */
const SECRET = "s3cret@:/ö %41#?";

let redis: RedisServer;
let dir: string;
let socket: string;
let host: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "ventostack-"));
  socket = join(dir, "redis.sock");
  redis = await startRedis({ password: SECRET, args: ["--unixsocket", socket] });
  host = `127.0.0.1:${redis.port}`;
  await redis.command("ACL", "SETUSER", "ann", "on", ">ann's secret", "~*", "+@all");
  // May use the store's keys only, and not send PING.
  await redis.command("ACL", "SETUSER", "limited", "on", ">secret", "~session:*", "+@all", "-ping");
});
afterAll(async () => {
  await redis.stop();
  await rm(dir, { recursive: true });
});
beforeEach(() => redis.command("FLUSHALL"));

/** What `run` gives with a client of its own. */
async function withClient<Result>(
  options: RedisClientOptions,
  run: (client: ReturnType<typeof createRedisClient>) => Promise<Result>,
): Promise<Result> {
  const client = createRedisClient(options);
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}

const whoami = (options: RedisClientOptions): Promise<unknown> =>
  withClient(options, (client) => client.send("ACL", ["WHOAMI"]));

async function failureOf(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome;
  throw new Error(`It resolved with ${outcome}.`);
}

test("the methods that the store's interface names, in lower case, answer as Redis does", async () => {
  await withClient({ url: redis.url }, async (client) => {
    expect(await client.get("absent")).toBeNull();
    expect(await client.set("key", "välue")).toBe("OK");
    expect(await client.get("key")).toBe("välue");
    expect(await client.expire("key", 100)).toBe(1);
    expect(await client.expire("absent", 100)).toBe(0);
    expect(await client.send("TTL", ["key"])).toBe(100);
    expect(await client.del("key")).toBe(1);
    expect(await client.del("key")).toBe(0);
    expect(await client.sadd("set", "a", "b", "a")).toBe(2);
    expect(await client.srem("set", "b", "absent")).toBe(1);
    expect(await client.smembers("set")).toEqual(["a"]);
    expect(await client.smembers("absent")).toEqual([]);
    expect((await failureOf(client.get("set"))).message).toStartWith("WRONGTYPE");
  });
});

test("user, password and database in the URL", async () => {
  const encoded = encodeURIComponent(SECRET);
  expect(await whoami({ url: `redis://:${encoded}@${host}` })).toBe("default");
  expect(await whoami({ url: `redis://ann:${encodeURIComponent("ann's secret")}@${host}` })).toBe("ann");
  await withClient({ url: `redis://:${encoded}@${host}/3` }, (client) => client.set("key", "value"));
  expect(await redis.command("EXISTS", "key")).toBe(0);
  expect(String(await redis.command("INFO", "keyspace"))).toContain("db3:keys=1");
});

test("user and password as options, which count in place of those in the URL", async () => {
  expect(await whoami({ url: `redis://${host}`, password: SECRET })).toBe("default");
  expect(await whoami({ url: `redis://${host}`, username: "ann", password: "ann's secret" })).toBe("ann");
  expect(await whoami({ url: `redis://ann:wrong@${host}`, password: "ann's secret" })).toBe("ann");
});

test("a Unix socket, with the password as an option", async () => {
  expect(await whoami({ url: `redis+unix://${socket}`, password: SECRET })).toBe("default");
});

test("a user who may not send PING", async () => {
  await withClient({ url: `redis://limited:secret@${host}` }, async (client) => {
    await client.set("session:a", "1");
    expect(await client.get("session:a")).toBe("1");
    expect((await failureOf(client.get("other"))).message).toStartWith("NOPERM");
  });
});

const refusals: readonly [name: string, options: () => RedisClientOptions, says: RegExp][] = [
  ["a wrong password", () => ({ url: `redis://${host}`, password: "my-wrong-secret" }), /WRONGPASS/],
  ["a wrong password in the URL", () => ({ url: `redis://:my-wrong-secret@${host}` }), /WRONGPASS/],
  ["an unknown user", () => ({ url: `redis://bob:my-wrong-secret@${host}` }), /WRONGPASS/],
  ["no password", () => ({ url: `redis://${host}` }), /NOAUTH/],
  ["no such database", () => ({ url: `redis://${host}/99`, password: SECRET }), /DB index is out of range/],
  [
    "nobody at that port",
    () => ({ url: "redis://:my-wrong-secret@127.0.0.1:1" }),
    /ECONNREFUSED 127.0.0.1:1/,
  ],
  ["no such socket", () => ({ url: `redis+unix://${dir}/none` }), /ENOENT/],
];

test.concurrent.each(refusals)("%s: the error says so, and holds no password", async (_, options, says) => {
  await withClient({ ...options(), commandTimeout: 300 }, async (client) => {
    for (const __ of ["while it is waited for", "and later"]) {
      const error = await failureOf(client.get("key"));
      expect(error.message).toMatch(says);
      expect(Bun.inspect(error)).not.toContain("secret");
      expect(Bun.inspect(error)).not.toContain(encodeURIComponent(SECRET));
    }
  });
});

// Each as somebody without types might write it.
const badOptions: readonly [options: object, named: string, shown: string][] = [
  [{}, "url, cluster or sentinel", '"none"'],
  [{ url: "redis://:my-secret@h", cluster: ["redis://:my-secret@h"] }, "url", '"url and cluster"'],
  [{ url: "localhost:6379" }, "url", '"localhost:"'],
  [{ url: "http://:my-secret@h" }, "url", '"http:"'],
  [{ url: "my-secret@" }, "url", '"no URL"'],
  [{ url: "redis://:my-secret@h:99999" }, "url", '"no URL"'],
  [{ url: 6379 }, "url", '"no URL"'],
  [{ url: "redis://h", commandTimeout: 0 }, "commandTimeout", "0"],
  [{ url: "redis://h", commandTimeout: Number.NaN }, "commandTimeout", "NaN"],
  [{ url: "redis://h", commandTimeout: Number.POSITIVE_INFINITY }, "commandTimeout", "Infinity"],
  [{ url: "redis://h", commandTimeout: "1500" }, "commandTimeout", '"1500"'],
  [{ url: "redis://h", maxQueue: -1 }, "maxQueue", "-1"],
  [{ url: "redis://h", maxQueue: null }, "maxQueue", "null"],
];

test.each(badOptions)("%j is refused, naming the option and its value", (options, named, shown) => {
  let refusal: unknown;
  try {
    createRedisClient(options as RedisClientOptions);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ name: "SessionError", code: "INVALID_OPTION" });
  expect(String(refusal)).toContain(named);
  expect(String(refusal)).toContain(shown);
  expect(Bun.inspect(refusal)).not.toContain("my-secret");
});
