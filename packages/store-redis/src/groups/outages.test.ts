import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "@ventostack/testing/redis";
import { createRedisClient, type RedisClient, type RedisClientOptions } from "../index.ts";
import { COMMAND_TIMEOUT, createSessions, expectOutage, SLACK, STORE_TIMEOUT } from "./group.test-kit.ts";
import { connectionsOf, groupKinds, type StartedGroup } from "./group-kinds.test-kit.ts";
import { startLoad } from "./load.test-kit.ts";

setDefaultTimeout(60_000);

const KEYS = ["a", "b", "c", "d", "e", "f"];

describe.each(groupKinds)("$name", ({ start }) => {
  let group: StartedGroup;
  beforeAll(async () => {
    group = await start();
  });
  afterAll(() => group.stop());

  async function withClient(
    options: RedisClientOptions,
    run: (client: RedisClient) => Promise<void>,
  ): Promise<void> {
    const client = createRedisClient({ commandTimeout: COMMAND_TIMEOUT, ...group.options, ...options });
    try {
      await run(client);
    } finally {
      await client.close();
    }
  }

  const connections = async (user?: string): Promise<number> => {
    const counts = await Promise.all(group.all.map((server) => connectionsOf(server, user)));
    return counts.reduce((sum, count) => sum + count, 0);
  };

  /** How long the call took to be refused. */
  async function refused(call: Promise<unknown>): Promise<number> {
    const from = performance.now();
    expect(
      await call.then(
        () => "an answer",
        (error: Error) => error,
      ),
    ).toBeInstanceOf(Error);
    return performance.now() - from;
  }

  test("nothing is up: each call is refused in time, and the first that finds it up is served", async () => {
    await Promise.all(group.all.map((server) => server.kill()));
    await withClient({}, async (client) => {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const calls = KEYS.map((key) => refused(client.get(key)));
        for (const took of await Promise.all(calls)) expect(took).toBeLessThan(COMMAND_TIMEOUT + SLACK);
      }
      await Promise.all(group.all.map((server) => server.restart()));
      for (const key of KEYS) expect(await until(() => client.set(key, "1"), 15_000)).toBe("OK");
    });
  });

  test("a node hangs under load: calls are refused in time, and served when it goes on", async () => {
    await withClient({}, async (client) => {
      const sessions = createSessions(client);
      const made = await Promise.all(KEYS.map((key) => sessions.create({ key })));
      await using load = startLoad(
        sessions,
        made.map(({ id }) => id),
        { logins: true },
      );
      await load.served(2);
      await group.servers[0]?.freeze();
      try {
        await until(() => load.failures.length > 5, 10_000, "calls fail");
      } finally {
        group.servers[0]?.thaw();
      }
      await load.served(3);
      const { failures, lostUpdates, lostSessions } = await load.stop();
      expectOutage(failures, STORE_TIMEOUT);
      expect({ lostUpdates, lostSessions }).toEqual({ lostUpdates: [], lostSessions: [] });
    });
  });

  test("close ends all connections, and calls after it are refused", async () => {
    const before = await connections();
    await withClient({}, async (client) => {
      for (const key of KEYS) await client.set(key, "1");
      expect(await connections()).toBeGreaterThan(before);
      const pending = Promise.allSettled(KEYS.map((key) => client.get(key)));
      await client.close();
      await pending;
      await until(async () => (await connections()) === before, 5000, "no connection is left");
      expect(await refused(client.get("a"))).toBeLessThan(SLACK);
      await client.close();
    });
  });

  test("credentials by option are those of every node, and wrong ones are refused", async () => {
    for (const server of group.servers) {
      await server.command("ACL", "SETUSER", "ada", "on", ">p@ss/w:rd", "~*", "+@all");
    }
    await withClient({ username: "ada", password: "p@ss/w:rd" }, async (client) => {
      for (const key of KEYS) await client.set(key, "1");
      const users = await Promise.all(group.servers.map((server) => connectionsOf(server, "ada")));
      expect(users.every((count) => count > 0)).toBe(true);
    });
    await withClient({ username: "ada", password: "wrong secret" }, async (client) => {
      const error = await until(
        () =>
          client.get("a").catch((reason: Error) => String(reason.message).includes("WRONGPASS") && reason),
        10_000,
        "the reason is given",
      );
      expect(Bun.inspect(error)).not.toContain("wrong secret");
    });
  });

  test.each([
    ["after its work", true],
    ["while nothing is up", false],
  ])("a process that closes its client %s ends by itself", async (_, isUp) => {
    if (!isUp) await Promise.all(group.all.map((server) => server.kill()));
    // A busy machine may take its time to start a program; only what is down may be waited for in vain.
    const commandTimeout = isUp ? 10_000 : COMMAND_TIMEOUT;
    const options = JSON.stringify({ commandTimeout, ...group.options });
    const program = `
      const { createRedisClient } = await import(${JSON.stringify(import.meta.resolve("../index.ts"))});
      const client = createRedisClient(${options});
      const outcomes = await Promise.allSettled(${JSON.stringify(KEYS)}.map((key) => client.get(key)));
      await client.close();
      console.log(outcomes.map(({ status }) => status).join());
    `;
    const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "pipe" });
    try {
      await until(() => child.exitCode !== null, 15_000, "the process ends");
    } finally {
      child.kill("SIGKILL");
      if (!isUp) await Promise.all(group.all.map((server) => server.restart()));
    }
    const status = isUp ? "fulfilled" : "rejected";
    expect({ code: child.exitCode, out: await child.stdout.text(), err: await child.stderr.text() }).toEqual({
      code: 0,
      out: `${KEYS.map(() => status).join()}\n`,
      err: "",
    });
  });
});
