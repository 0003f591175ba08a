import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createSessionManager, type SessionStore } from "@ventostack/auth-core";
import { createTestClock } from "@ventostack/testing";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { mistyped } from "../mistyped.test-kit.ts";
import type { ConnectStore } from "./connect-store.ts";
import { createMemorystore, expressSession } from "./express-session.test-kit.ts";
import { fromConnectStore } from "./from-connect-store.ts";

let redis: RedisServer;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  redis = await startRedis();
  client = createClient({ url: redis.url });
  await client.connect();
});
afterAll(async () => {
  client.destroy();
  await redis.stop();
});

const stores: [name: string, create: () => ConnectStore][] = [
  ["connect-redis", () => new RedisStore({ client, prefix: "connect:" })],
  ["memorystore", createMemorystore],
  ["express-session's MemoryStore", () => new expressSession.MemoryStore()],
];

describe.each(stores)("%s", (_name, create) => {
  test("keeps sessions: made, read, changed, given a new id, ended", async () => {
    const session = createSessionManager(fromConnectStore(create()), { absoluteTtl: 7200 });
    const made = await session.create({ userId: "u1", roles: ["a"] });
    expect(await session.get(made.id)).toEqual(made);
    await session.update(made.id, { theme: "dark" });
    const moved = await session.regenerate(made.id);
    expect(moved?.data).toEqual({ userId: "u1", roles: ["a"], theme: "dark" });
    expect(await session.get(made.id)).toBeNull();
    await session.destroy(moved?.id ?? "");
    expect(await session.get(moved?.id ?? "")).toBeNull();
  });

  test("says the end that it enforces, a touch included (G3)", async () => {
    const clock = createTestClock(Date.now());
    const session = createSessionManager(fromConnectStore(create(), { clock }), { clock, ttl: 1000 });
    const { id, expiresAt } = await session.create();
    clock.advance(500_000);
    await session.touch(id);
    expect((await session.get(id))?.expiresAt).toBe(expiresAt + 500_000);
    clock.advance(1_000_000);
    expect(await session.get(id)).toBeNull();
  });

  test("20 updates at once from one process all survive, and a late one brings nothing back (G1, G2)", async () => {
    const session = createSessionManager(fromConnectStore(create()));
    const { id } = await session.create();
    await Promise.all(Array.from({ length: 20 }, (_, key) => session.update(id, { [`key${key}`]: key })));
    expect(Object.keys((await session.get(id))?.data ?? {}).length).toBe(20);
    const ended = [session.update(id, { late: true }), session.destroy(id), session.touch(id)];
    await Promise.all(ended);
    expect(await session.get(id)).toBeNull();
  });

  test("promises no more than it can keep", async () => {
    const store = fromConnectStore(create());
    expect(store.capabilities).toEqual({ atomic: false, byUser: false });
    const refused = createSessionManager(store).listByUser("u1");
    await expect(refused).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });
});

function managerOn(store: Partial<ConnectStore>): { get(): Promise<unknown> } {
  const session = createSessionManager(
    fromConnectStore({ ...new expressSession.MemoryStore(), ...store } as ConnectStore),
  );
  return { get: () => session.get(Buffer.alloc(32, 7).toString("base64url")) };
}

test.each<[string, Partial<ConnectStore>]>([
  ["calls back with an error", { get: (_sid, done) => done(new Error("down")) }],
  [
    "throws",
    {
      get: () => {
        throw new Error("down");
      },
    },
  ],
  ["gives a promise that rejects", { get: () => Promise.reject(new Error("down")) }],
])("a store that %s is unavailable, not empty (G6)", async (_name, store) => {
  const { get } = managerOn({ set: () => undefined, destroy: () => undefined, ...store });
  await expect(get()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
});

test("a missing file is no session, and a record of express-session's own is none of ours", async () => {
  const rest = { set: () => undefined, destroy: () => undefined };
  const missing = Object.assign(new Error("no such file"), { code: "ENOENT" });
  expect(await managerOn({ ...rest, get: (_sid, done) => done(missing) }).get()).toBeNull();
  const foreign = managerOn({ ...rest, get: (_sid, done) => done(null, { cookie: {}, userId: "u1" }) });
  await expect(foreign.get()).rejects.toMatchObject({ code: "CORRUPT_RECORD" });
});

test("what is no such store is refused", () => {
  expect(() => fromConnectStore(mistyped<ConnectStore & SessionStore>({ get() {} }))).toThrow(
    "The option store",
  );
});
