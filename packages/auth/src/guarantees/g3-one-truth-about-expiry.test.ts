import { describe, expect, test } from "bun:test";
import { createTestClock } from "@ventostack/testing";
import { createSessionManager } from "../index.ts";
import { fixture, storeKinds } from "./fixtures.test-kit.ts";

describe.each(storeKinds)("G3 one truth about expiry: %s", (_, create) => {
  test("a session lives until the millisecond that get told [ASVS 7.3.1]", async () => {
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

  test("touching every second does not pass the absolute end [ASVS 7.3.2]", async () => {
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

  test("an expired session is refused even where the store still holds it", async () => {
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
