import { describe, expect, test } from "bun:test";
import { createFourMethodStore, createTestClock } from "@ventostack/testing";
import { createSessionManager, type Session } from "../index.ts";
import {
  createMemory,
  createThreeFieldStore,
  createWithoutReplace,
  fixture,
  storeKinds,
  turnOfTheLoop,
} from "./fixtures.test-kit.ts";

describe.each(storeKinds)("G3 one truth about expiry: %s", (_, create) => {
  test("[SEC-06] a session lives until the millisecond that get told [ASVS 7.3.1]", async () => {
    const { sessions, clock } = fixture(create, { ttl: 60 });
    const { id, expiresAt } = await sessions.create();
    expect(expiresAt).toBe(clock() + 60_000);
    clock.advance(59_999);
    expect((await sessions.get(id))?.expiresAt).toBe(expiresAt);
    clock.advance(1);
    expect(await sessions.get(id)).toBeNull();
  });

  test("touch extends by ttl from now, and get tells so", async () => {
    const { sessions, clock } = fixture(create, { ttl: 60 });
    const { id } = await sessions.create();
    clock.advance(30_000);
    await sessions.touch(id);
    const expiresAt = clock() + 60_000;
    expect((await sessions.get(id))?.expiresAt).toBe(expiresAt);
    clock.advance(59_999);
    expect(await sessions.get(id)).not.toBeNull();
    clock.advance(1);
    expect(await sessions.get(id)).toBeNull();
  });

  test("touch then update does not end the session early", async () => {
    const { sessions, clock } = fixture(create, { ttl: 60 });
    const { id } = await sessions.create();
    clock.advance(30_000);
    await sessions.touch(id);
    await sessions.update(id, { a: 1 });
    clock.advance(59_999);
    expect((await sessions.get(id))?.data).toEqual({ a: 1 });
  });

  test("update never changes the lifetime", async () => {
    const { sessions, clock } = fixture(create, { ttl: 60 });
    const { id, expiresAt } = await sessions.create();
    clock.advance(40_000);
    expect((await sessions.merge(id, { a: 1 }))?.expiresAt).toBe(expiresAt);
    expect((await sessions.get(id))?.expiresAt).toBe(expiresAt);
    clock.advance(20_000);
    expect(await sessions.get(id)).toBeNull();
  });

  test("touch never shortens: a manager with a smaller ttl leaves a longer life alone", async () => {
    const { sessions, another } = fixture(create, { ttl: 3600 });
    const { id, expiresAt } = await sessions.create();
    await another({ ttl: 10 }).touch(id);
    expect((await sessions.get(id))?.expiresAt).toBe(expiresAt);
    expect((await another({ ttl: 10 }).refresh(id))?.expiresAt).toBe(expiresAt);
    expect((await another({ ttl: 10 }).regenerate(id))?.expiresAt).toBe(expiresAt);
  });

  test("touch never revives what has expired", async () => {
    const { sessions, clock } = fixture(create, { ttl: 60 });
    const { id } = await sessions.create();
    clock.advance(60_000);
    await sessions.touch(id);
    await sessions.update(id, { a: 1 });
    expect(await sessions.refresh(id)).toBeNull();
    expect(await sessions.regenerate(id)).toBeNull();
    clock.advance(-1);
    clock.advance(1);
    expect(await sessions.get(id)).toBeNull();
  });

  test("[SEC-06] touching every second does not pass the absolute end [ASVS 7.3.2]", async () => {
    const { sessions, clock } = fixture(create, { ttl: 10, absoluteTtl: 25 });
    const { id, absoluteExpiresAt } = await sessions.create();
    expect(absoluteExpiresAt).toBe(clock() + 25_000);
    for (let second = 0; second < 24; second++) {
      clock.advance(1000);
      await sessions.touch(id);
      expect((await sessions.get(id))?.expiresAt).toBeLessThanOrEqual(absoluteExpiresAt ?? 0);
    }
    clock.advance(999);
    expect(await sessions.get(id)).not.toBeNull();
    clock.advance(1);
    expect(await sessions.get(id)).toBeNull();
  });

  test("regenerate keeps the creation and the absolute end", async () => {
    const { sessions, clock } = fixture(create, { ttl: 10, absoluteTtl: 25 });
    const created = await sessions.create();
    clock.advance(8000);
    const regenerated = await sessions.regenerate(created.id);
    expect(regenerated).toMatchObject({
      createdAt: created.createdAt,
      absoluteExpiresAt: created.absoluteExpiresAt,
      expiresAt: clock() + 10_000,
    });
    expect(await sessions.get(regenerated?.id ?? "")).toEqual(regenerated);
  });

  test("refreshIfDue extends once per touch interval, whoever asks", async () => {
    const { sessions, another, clock } = fixture(create, { ttl: 100, touchInterval: 10 });
    const { id, expiresAt } = await sessions.create();
    clock.advance(9_999);
    expect(await sessions.refreshIfDue(id)).toMatchObject({ extended: false, session: { expiresAt } });
    clock.advance(1);
    const all = await Promise.all(Array.from({ length: 20 }, () => sessions.refreshIfDue(id)));
    expect(all.filter((refreshed) => refreshed?.extended).length).toBe(1);
    expect(all.every((refreshed) => refreshed?.session.expiresAt === clock() + 100_000)).toBe(true);
    expect((await another().refreshIfDue(id))?.extended).toBe(false);
  });

  test("[SEC-06] an expired session is refused even where the store still holds it", async () => {
    const clock = createTestClock();
    // The store's own clock stands still: it never finds anything expired.
    const sessions = createSessionManager(create(createTestClock()), { clock, ttl: 60 });
    const { id } = await sessions.create({ userId: "u1" });
    clock.advance(59_999);
    expect(await sessions.get(id)).not.toBeNull();
    clock.advance(1);
    expect(await sessions.get(id)).toBeNull();
    expect(await sessions.merge(id, { a: 1 })).toBeNull();
    expect(await sessions.regenerate(id)).toBeNull();
  });
});

describe.each(storeKinds)("G3 one truth about expiry: %s, to the millisecond", (_, create) => {
  test("every end is a whole number of milliseconds, whatever fraction ttl has", async () => {
    const { sessions, clock } = fixture(create, { ttl: 1.0005, absoluteTtl: 2.0004 });
    const { id, expiresAt, absoluteExpiresAt } = await sessions.create();
    expect([expiresAt - clock(), (absoluteExpiresAt ?? 0) - clock()]).toEqual([1001, 2000]);
    clock.advance(10);
    expect((await sessions.refresh(id))?.expiresAt).toBe(clock() + 1001);
  });

  test("no call tells an end beyond the absolute one, even after a manager that knows none has touched it", async () => {
    const { sessions, another, clock } = fixture(create, { ttl: 10, absoluteTtl: 15 });
    const { id, absoluteExpiresAt } = await sessions.create();
    clock.advance(9_000);
    await another({ absoluteTtl: undefined }).touch(id);
    expect(await sessions.get(id)).toMatchObject({ expiresAt: absoluteExpiresAt, absoluteExpiresAt });
  });
});

describe.each([
  ["four methods", createFourMethodStore],
  ["every method but replace", createWithoutReplace],
] as const)("G3 one truth about expiry: %s", (_, create) => {
  test("a touch that comes during an update is not lost", async () => {
    const { sessions, gated, clock } = fixture(create, { ttl: 100 });
    const { id } = await sessions.create();
    clock.advance(50_000);
    const held = gated.holdBefore("set");
    const updating = sessions.update(id, { a: 1 });
    await held.reached;
    const touching = sessions.touch(id);
    await turnOfTheLoop();
    held.release();
    await Promise.all([updating, touching]);
    expect(await sessions.get(id)).toMatchObject({ data: { a: 1 }, expiresAt: clock() + 100_000 });
  });
});

describe("G3 one truth about expiry: between managers, as between processes", () => {
  test("a touch that comes between an update's read and its write is not undone", async () => {
    const { sessions, another, gated, clock } = fixture(createMemory, { ttl: 100 });
    const { id } = await sessions.create();
    clock.advance(50_000);
    const held = gated.holdBefore("replace");
    const updating = sessions.merge(id, { a: 1 });
    await held.reached;
    await another().touch(id);
    held.release();
    await updating;
    expect(await sessions.get(id)).toMatchObject({ data: { a: 1 }, expiresAt: clock() + 100_000 });
  });

  test.each(storeKinds)(
    "%s: the store itself is never told to keep a session beyond its absolute end",
    async (_, create) => {
      const { sessions, gated, clock } = fixture(create, { ttl: 10, absoluteTtl: 15 });
      const { id, absoluteExpiresAt = 0 } = await sessions.create();
      clock.advance(9_000);
      await sessions.touch(id);
      await sessions.refresh(id);
      const [, key = ""] = gated.calls.find(([method]) => method === "get" || method === "refresh") ?? [];
      expect((await gated.store.get(String(key)))?.expiresAt).toBe(absoluteExpiresAt);
    },
  );
});

describe("G3 one truth about expiry: what a store leaves out or adds", () => {
  test("a store whose clock is late has nothing expired refreshed or listed", async () => {
    const clock = createTestClock();
    const late = createMemory(createTestClock());
    const sessions = createSessionManager(late, { clock, ttl: 60 });
    const { id } = await sessions.create({ userId: "u1" });
    clock.advance(60_000);
    expect(await sessions.listByUser("u1")).toEqual([]);
    expect(await sessions.refreshIfDue(id)).toBeNull();
    expect(await sessions.refresh(id)).toBeNull();
  });

  test("a creation that the store did not keep is left out rather than 1970", async () => {
    const { sessions } = fixture(createThreeFieldStore);
    const { id } = await sessions.create();
    expect(await sessions.get(id)).not.toHaveProperty("createdAt");
  });

  test("null for an absolute end, as a table gives it, is none", async () => {
    const clock = createTestClock();
    const inner = createFourMethodStore(clock);
    const sessions = createSessionManager(
      {
        ...inner,
        async get(id) {
          const found = await inner.get(id);
          return found && ({ ...found, absoluteExpiresAt: null } as unknown as Session);
        },
      },
      { clock },
    );
    const { id } = await sessions.create();
    expect(await sessions.get(id)).not.toHaveProperty("absoluteExpiresAt");
  });
});
