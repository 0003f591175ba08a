import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setSystemTime, test } from "bun:test";
import { createSessionManager, SessionError, type SessionManager } from "@ventostack/auth-core";
import { type RawConnection, type RedisServer, startRedis } from "@ventostack/testing/redis";
import type { RedisSessionClientLike } from "./redis-session-client.ts";
import { createRedisSessionStore } from "./redis-session-store.ts";

let redis: RedisServer;
let connection: RawConnection;

beforeAll(async () => {
  redis = await startRedis();
  connection = await redis.connect();
});
afterAll(async () => {
  connection.close();
  await redis.stop();
});
beforeEach(() => redis.command("FLUSHALL"));
afterEach(() => void setSystemTime());

/** As a user would write them. */
function fourMethods(): RedisSessionClientLike {
  return {
    get: async (key) => {
      const value = await connection.command("GET", key);
      return value === null ? null : String(value);
    },
    set: (key, value) => connection.command("SET", key, value),
    expire: async (key, seconds) => Number(await connection.command("EXPIRE", key, seconds)),
    del: async (key) => Number(await connection.command("DEL", key)),
  };
}

function sevenMethods(): RedisSessionClientLike {
  return {
    ...fourMethods(),
    sadd: async (key, ...members) => Number(await connection.command("SADD", key, ...members)),
    srem: async (key, ...members) => Number(await connection.command("SREM", key, ...members)),
    smembers: async (key) => (await connection.command("SMEMBERS", key)) as string[],
  };
}

const managerOf = (client: RedisSessionClientLike, ttl = 3600): SessionManager =>
  createSessionManager(createRedisSessionStore({ client }), { ttl });

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const outcome = await call.catch((error: unknown) => error);
  return outcome instanceof SessionError ? outcome.code : outcome;
}

const keysOfSessions = async (): Promise<string[]> =>
  (await redis.command("KEYS", "session:id:*")) as string[];

describe.each([
  ["four methods", fourMethods],
  ["seven methods", sevenMethods],
])("a client of %s", (_, createClient) => {
  test("creates, reads, updates, refreshes, regenerates and destroys", async () => {
    const sessions = managerOf(createClient());
    const created = await sessions.create({ userId: "u", role: "admin" });
    expect(await sessions.get(created.id)).toMatchObject({ ...created });
    await sessions.update(created.id, { role: undefined, seen: 1 });
    expect((await sessions.get(created.id))?.data).toEqual({ userId: "u", seen: 1 });
    const before = (await sessions.get(created.id))?.expiresAt ?? 0;
    setSystemTime(Date.now() + 60_000);
    await sessions.touch(created.id);
    expect((await sessions.get(created.id))?.expiresAt).toBeGreaterThanOrEqual(before + 60_000);
    const moved = await sessions.regenerate(created.id);
    expect(await sessions.get(created.id)).toBeNull();
    expect((await sessions.get(moved?.id ?? ""))?.data).toEqual({ userId: "u", seen: 1 });
    await sessions.destroy(moved?.id ?? "");
    expect(await sessions.get(moved?.id ?? "")).toBeNull();
    expect(await keysOfSessions()).toEqual([]);
  });

  test("gives a session's key the session's life", async () => {
    const sessions = managerOf(createClient(), 100);
    const { id } = await sessions.create({});
    await sessions.update(id, { seen: true });
    const [key = ""] = await keysOfSessions();
    const left = Number(await redis.command("PTTL", key));
    expect(left).toBeGreaterThan(90_000);
    expect(left).toBeLessThanOrEqual(101_000);
  });

  test("gives back what JSON holds, as every store does", async () => {
    const sessions = managerOf(createClient());
    const data = {
      text: 'ü "quoted" \u2028 \u0000 😀 ","data":{',
      numbers: [0, -1.5, 1e21, 5e-324, Number.MAX_SAFE_INTEGER],
      nested: { empty: {}, list: [], deep: [[[null, true, false]]] },
      "": "the empty name",
    };
    const { id } = await sessions.create(data);
    expect((await sessions.get(id))?.data).toEqual(data);
  });

  test("is said to hold within this process only", () => {
    const { capabilities } = createRedisSessionStore({ client: createClient() });
    expect(capabilities).toEqual({ atomic: false, byUser: createClient().smembers !== undefined });
  });

  test("G2: updates of one process do not lose each other", async () => {
    const sessions = managerOf(createClient());
    const { id } = await sessions.create({});
    const patches = Array.from({ length: 50 }, (__, n) => ({ [`key${n}`]: n }));
    await Promise.all(patches.map((patch) => sessions.update(id, patch)));
    expect((await sessions.get(id))?.data).toEqual(Object.assign({}, ...patches));
  });

  test("G1: what is destroyed while updates and touches of this process go on stays dead", async () => {
    const sessions = managerOf(createClient());
    for (let n = 0; n < 30; n++) {
      const { id } = await sessions.create({ userId: "u" });
      const racing = [sessions.update(id, { n }), sessions.touch(id), sessions.update(id, { n: -n })];
      await sessions.destroy(id);
      await Promise.all([...racing, sessions.update(id, { late: true }), sessions.touch(id)]);
      expect(await sessions.get(id)).toBeNull();
    }
    expect(await keysOfSessions()).toEqual([]);
  });

  test("G3: a key that EXPIRE did not reach is dead when its session is, and deleted by the next read", async () => {
    const client = createClient();
    const { expire } = client;
    client.expire = async () => {
      throw new Error("The connection was lost.");
    };
    const sessions = managerOf(client, 100);
    const store = createRedisSessionStore({ client });
    const expiresAt = Date.now() + 100_000;
    const failed = await store.set({ id: "left", data: {}, expiresAt }).catch(String);
    expect(failed).toContain("The connection was lost.");
    expect(await codeOf(sessions.create({}))).toBe("STORE_UNAVAILABLE");
    client.expire = expire;
    expect(await redis.command("PTTL", "session:id:left")).toBe(-1);
    expect(await store.get("left")).toMatchObject({ expiresAt });
    setSystemTime(expiresAt);
    expect(await store.get("left")).toBeNull();
    expect(await redis.command("EXISTS", "session:id:left")).toBe(0);
  });

  test("G6: what the client throws is no missing session", async () => {
    const client = createClient();
    const sessions = managerOf(client);
    const { id } = await sessions.create({ userId: "u" });
    client.get = async () => {
      throw new Error("down");
    };
    expect(await codeOf(sessions.get(id))).toBe("STORE_UNAVAILABLE");
    expect(await codeOf(sessions.touch(id))).toBe("STORE_UNAVAILABLE");
    expect(await codeOf(sessions.update(id, {}))).toBe("STORE_UNAVAILABLE");
  });

  test("G7: a key holds neither the id nor the user", async () => {
    const sessions = managerOf(createClient());
    const { id } = await sessions.create({ userId: "ada@example.com" });
    const keys = ((await redis.command("KEYS", "*")) as string[]).join("\n");
    expect(keys).not.toContain(id);
    expect(keys).not.toContain("ada@example.com");
  });
});

test("without smembers the sessions of a user cannot be found, and 0 or none is not said instead", async () => {
  const { smembers: _, ...sixMethods } = sevenMethods();
  for (const client of [fourMethods(), sixMethods]) {
    const sessions = managerOf(client);
    await sessions.create({ userId: "u" });
    expect(await codeOf(sessions.listByUser("u"))).toBe("UNSUPPORTED");
    expect(await codeOf(sessions.destroyByUser("u"))).toBe("UNSUPPORTED");
    expect(createRedisSessionStore({ client }).capabilities?.byUser).toBe(false);
  }
});

describe("a user's sessions through seven methods", () => {
  test("are listed and ended, but for one, and others' are left alone", async () => {
    const sessions = managerOf(sevenMethods());
    const own = [await sessions.create({ userId: "u", n: 1 }), await sessions.create({ userId: "u", n: 2 })];
    const other = await sessions.create({ userId: "other" });
    const listed = await sessions.listByUser("u");
    expect(listed.map(({ data }) => data.n).sort()).toEqual([1, 2]);
    expect(await sessions.destroyByUser("u", { except: own[0]?.id ?? "" })).toBe(1);
    expect(await sessions.get(own[0]?.id ?? "")).not.toBeNull();
    expect(await sessions.destroyByUser("u")).toBe(1);
    expect(await sessions.destroyByUser("u")).toBe(0);
    expect(await sessions.get(other.id)).not.toBeNull();
  });

  test("count under the user that they have now", async () => {
    const sessions = managerOf(sevenMethods());
    const { id } = await sessions.create({ userId: "a" });
    await sessions.update(id, { userId: "b" });
    expect(await sessions.listByUser("a")).toEqual([]);
    expect(await sessions.destroyByUser("a")).toBe(0);
    expect(await sessions.destroyByUser("b")).toBe(1);
    expect(await sessions.get(id)).toBeNull();
  });

  test("leave their user's set when they end", async () => {
    const sessions = managerOf(sevenMethods());
    for (let round = 0; round < 20; round++)
      await sessions.destroy((await sessions.create({ userId: "u" })).id);
    expect(await redis.command("KEYS", "session:user:*")).toEqual([]);
  });

  test("are found for as long as the longest of them lives", async () => {
    const long = managerOf(sevenMethods(), 30 * 24 * 3600);
    const short = managerOf(sevenMethods(), 60);
    const { id } = await long.create({ userId: "u" });
    await short.create({ userId: "u" });
    const [set = ""] = (await redis.command("KEYS", "session:user:*")) as string[];
    const [key = ""] = await keysOfSessions();
    expect(Number(await redis.command("TTL", set))).toBeGreaterThan(Number(await redis.command("TTL", key)));
    expect(Number(await redis.command("TTL", set))).toBeGreaterThan(30 * 24 * 3600);
    expect(await short.destroyByUser("u")).toBe(2);
    expect(await long.get(id)).toBeNull();
  });

  test("can be ended later when one was being created while they were", async () => {
    const client = sevenMethods();
    const { set } = client;
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    client.set = async (key, value) => {
      reached.resolve();
      await released.promise;
      return set(key, value);
    };
    const sessions = managerOf(client);
    const creating = sessions.create({ userId: "u" });
    await reached.promise;
    expect(await sessions.destroyByUser("u")).toBe(0);
    released.resolve();
    const { id } = await creating;
    expect(await sessions.destroyByUser("u")).toBe(1);
    expect(await sessions.get(id)).toBeNull();
  });

  test("G5: are found later when one came to be between the look at the set and the look at it", async () => {
    const client = sevenMethods();
    const store = createRedisSessionStore({ client });
    const { set, get } = client;
    const [writing, mayWrite] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    client.set = async (key, value) => {
      writing.resolve();
      await mayWrite.promise;
      return set(key, value);
    };
    const session = { id: "a", data: {}, userKey: "u", expiresAt: Date.now() + 60_000 };
    const creating = store.set(session);
    await writing.promise;
    const [read, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    client.get = async (key) => {
      const value = await get(key);
      read.resolve();
      await mayGoOn.promise;
      return value;
    };
    const ending = store.deleteByUser?.("u");
    await read.promise;
    mayWrite.resolve();
    await creating;
    mayGoOn.resolve();
    expect(await ending).toBe(0);
    expect(await store.deleteByUser?.("u")).toBe(1);
  });
});
