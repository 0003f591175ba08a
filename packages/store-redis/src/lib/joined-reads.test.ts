import { expect, test } from "bun:test";
import { startRedis } from "@ventostack/testing/redis";
import { joinReads } from "./joined-reads.ts";
import { createRedisClient } from "./redis-client.ts";
import type { Connection } from "./redis-client-options.ts";

/** A connection that knows the keys `k0` to `k999`, and notes down what it is sent; `fail` is asked before it answers. */
function recorded(fail: (command: string) => Error | undefined = () => undefined) {
  const sent: string[] = [];
  const valueAt = (key: string): string | null => (key.startsWith("k") ? `value of ${key}` : null);
  const connection: Connection = {
    async send(_, command, args) {
      sent.push(`${command} ${args.join(" ")}`);
      const error = fail(command);
      if (error !== undefined) throw error;
      return command === "MGET" ? args.map(valueAt) : valueAt(args[0] ?? "");
    },
    suspect: () => void sent.push("suspect"),
    close: async () => void sent.push("close"),
    lastError: "the last error",
  };
  const joined = joinReads(connection);
  const get = (key: string): Promise<unknown> =>
    new Promise((resolve, reject) => joined.read(key, resolve, reject));
  return { ...joined, sent, get };
}

test("a read by itself is a GET", async () => {
  const { get, sent } = recorded();
  expect(await get("k1")).toBe("value of k1");
  expect(await get("k2")).toBe("value of k2");
  expect(sent).toEqual(["GET k1", "GET k2"]);
});

test("the reads of one turn are an MGET, and each gets its own value", async () => {
  const { get, sent } = recorded();
  const keys = ["k1", "k2", "k3", "k2"];
  expect(await Promise.all(keys.map(get))).toEqual(keys.map((key) => `value of ${key}`));
  expect(sent).toEqual(["MGET k1 k2 k3 k2"]);
});

test("what is sent by itself is left as it is, those with the name of a read included", async () => {
  const { send, sent } = recorded();
  await Promise.all([
    send("k1", "SET", ["k1", "x"]),
    send("k2", "GETDEL", ["k2"]),
    send("k1", "GET", ["k1"]),
    send("", "GET", ["k1", "k2"]),
  ]);
  expect(sent).toEqual(["SET k1 x", "GETDEL k2", "GET k1", "GET k1 k2"]);
});

test("no MGET has more than 64 keys", async () => {
  const { get, sent } = recorded();
  const keys = Array.from({ length: 200 }, (_, at) => `k${at}`);
  expect(await Promise.all(keys.map(get))).toEqual(keys.map((key) => `value of ${key}`));
  expect(sent.map((command) => command.split(" ").length - 1)).toEqual([64, 64, 64, 8]);
});

test("where an MGET finds nothing, a GET has the last word", async () => {
  const { get, sent } = recorded();
  expect(await Promise.all(["k1", "none", "k2"].map(get))).toEqual(["value of k1", null, "value of k2"]);
  expect(sent).toEqual(["MGET k1 none k2", "GET none"]);
});

test.each(["NOPERM this user has no permissions", "ERR unknown command 'MGET'"])(
  "where the server refuses MGET (%s), each read is a GET from then on",
  async (message) => {
    const { get, sent } = recorded((command) => (command === "MGET" ? new Error(message) : undefined));
    expect(await Promise.all(["k1", "k2", "k3"].map(get))).toEqual([
      "value of k1",
      "value of k2",
      "value of k3",
    ]);
    expect(await Promise.all(["k1", "k2", "k3"].map(get))).toEqual([
      "value of k1",
      "value of k2",
      "value of k3",
    ]);
    expect(sent).toEqual(["MGET k1 k2 k3", ..."GET k1,GET k2,GET k3,GET k1,GET k2,GET k3".split(",")]);
  },
);

test("any other failure of an MGET is that of all its reads, and the next ones are joined again", async () => {
  let failure: Error | undefined = new Error("LOADING the dataset");
  const { get, sent } = recorded((command) => (command === "MGET" ? failure : undefined));
  const settled = await Promise.allSettled(["k1", "k2", "k3"].map(get));
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  failure = undefined;
  expect(await Promise.all(["k1", "k2", "k3"].map(get))).toEqual([
    "value of k1",
    "value of k2",
    "value of k3",
  ]);
  expect(sent).toEqual(["MGET k1 k2 k3", "MGET k1 k2 k3"]);
});

test("the rest of the connection is its own", async () => {
  const { suspect, close, lastError, sent } = recorded();
  suspect();
  await close();
  expect([...sent, lastError]).toEqual(["suspect", "close", "the last error"]);
});

test("a real server: reads of one turn are joined, and a key of another type fails its own read alone", async () => {
  await using redis = await startRedis();
  await redis.command("MSET", "k1", "one", "k2", "two", "k3", "drei ßig");
  await redis.command("LPUSH", "list", "x");
  const monitor = await redis.monitor();
  const client = createRedisClient({ url: redis.url });
  const settled = await Promise.allSettled(["k1", "k2", "list", "none", "k3"].map((key) => client.get(key)));
  await expect(client.send("GET", ["k1", "k2"])).rejects.toThrow("wrong number of arguments");
  await client.close();
  expect(settled.map((one) => (one.status === "fulfilled" ? one.value : String(one.reason)))).toEqual([
    "one",
    "two",
    expect.stringContaining("WRONGTYPE"),
    null,
    "drei ßig",
  ]);
  const reads = (await monitor.stop()).filter(({ name }) => /GET/.test(name));
  expect(reads.map(({ name, args }) => [name, ...args].join(" "))).toEqual([
    "MGET k1 k2 list none k3",
    "GET list",
    "GET none",
  ]);
});
