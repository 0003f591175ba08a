import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Session, SessionManager } from "@ventostack/auth-core";
import { until } from "@ventostack/testing/redis";
import { expectSound, readDatabase } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";

let fixture: Fixture;
let here: SessionManager;

beforeAll(async () => {
  fixture = await startFixture(1);
  here = fixture.manager();
});
beforeEach(async () => {
  await fixture.server.command("FLUSHALL");
});
afterAll(() => fixture.stop());

/** When the server drops the session, by its own word: milliseconds since the epoch. */
async function endAtServer(id: string): Promise<number> {
  return Number(await fixture.server.command("PEXPIRETIME", `app:session:id:${here.handleOf(id)}`));
}

/** Lets so much of the session's life be over, as if it had been left alone for that long. */
async function idle(id: string, milliseconds: number): Promise<void> {
  const key = `app:session:id:${here.handleOf(id)}`;
  const end = (await endAtServer(id)) - milliseconds;
  await fixture.server.command("SETRANGE", key, '{"v":1,"exp":'.length, end);
  await fixture.server.command("PEXPIREAT", key, end);
  const left = String(await fixture.server.command("GET", key));
  expect(JSON.parse(left).exp).toBe(end);
}

describe("G3 one truth about expiry: the end that is told is the server's, to the millisecond", () => {
  test.each([undefined, "u1"])(
    "create, get, update, touch, refresh, regenerate (user: %p)",
    async (userId) => {
      const sessions = fixture.manager({ ttl: 100, absoluteTtl: 10_000 });
      const created = await sessions.create({ userId });
      expect(await endAtServer(created.id)).toBe(created.expiresAt);
      await idle(created.id, 50_000);
      const told: (Session | null | undefined)[] = [
        await sessions.get(created.id),
        await sessions.merge(created.id, { a: 1 }),
        await sessions.refresh(created.id),
        (await sessions.refreshIfDue(created.id))?.session,
      ];
      expect(told[0]?.expiresAt).toBe(created.expiresAt - 50_000);
      expect(told[1]?.expiresAt).toBe(created.expiresAt - 50_000);
      expect(told[2]?.expiresAt).toBeGreaterThanOrEqual(created.expiresAt);
      expect(told[3]?.expiresAt).toBe(told[2]?.expiresAt);
      expect(await endAtServer(created.id)).toBe(Number(told[3]?.expiresAt));
      await idle(created.id, 50_000);
      await sessions.touch(created.id);
      const touched = await sessions.get(created.id);
      expect(await endAtServer(created.id)).toBe(Number(touched?.expiresAt));
      const moved = await sessions.regenerate(created.id);
      expect(await endAtServer(moved?.id ?? "")).toBe(Number(moved?.expiresAt));
      expect(await sessions.get(moved?.id ?? "")).toEqual(moved);
      await expectSound(fixture.server);
    },
  );

  test("update keeps the end to the millisecond, also when the session changes hands", async () => {
    const { id, expiresAt } = await here.create({ userId: "u1" });
    for (const patch of [
      { a: 1 },
      { a: undefined },
      { userId: "u2" },
      { userId: undefined },
      { userId: 3 },
    ]) {
      expect((await here.merge(id, patch))?.expiresAt).toBe(expiresAt);
      expect(await endAtServer(id)).toBe(expiresAt);
    }
  });

  test("refreshIfDue extends once the touch interval has passed, and not before", async () => {
    const sessions = fixture.manager({ ttl: 100, touchInterval: 10 });
    const { id, expiresAt } = await sessions.create({ userId: "u1" });
    expect(await sessions.refreshIfDue(id)).toMatchObject({ extended: false, session: { expiresAt } });
    expect(await endAtServer(id)).toBe(expiresAt);
    await idle(id, 10_000);
    const before = await endAtServer(id);
    const all = await Promise.all(Array.from({ length: 20 }, () => sessions.refreshIfDue(id)));
    expect(all.filter((refreshed) => refreshed?.extended).length).toBe(1);
    const end = await endAtServer(id);
    expect(end).toBeGreaterThanOrEqual(before + 10_000);
    expect(all.every((refreshed) => refreshed?.session.expiresAt === end)).toBe(true);
  });
});

describe("G3 one truth about expiry: what a touch can do", () => {
  test("it never shortens: a manager with a smaller ttl leaves a longer life alone", async () => {
    const { id, expiresAt } = await here.create({ userId: "u1" });
    const shorter = fixture.manager({ ttl: 10 });
    await shorter.touch(id);
    expect((await shorter.refresh(id))?.expiresAt).toBe(expiresAt);
    expect(await shorter.refreshIfDue(id)).toMatchObject({ extended: false });
    expect(await endAtServer(id)).toBe(expiresAt);
    const moved = await shorter.regenerate(id);
    expect(await endAtServer(moved?.id ?? "")).toBe(expiresAt);
  });

  test("it never passes the absolute end, which regenerate keeps", async () => {
    const sessions = fixture.manager({ ttl: 100, absoluteTtl: 150 });
    const { id, absoluteExpiresAt } = await sessions.create({ userId: "u1" });
    for (const _ of [1, 2, 3]) {
      await idle(id, 40_000);
      await sessions.touch(id);
    }
    expect(await endAtServer(id)).toBeLessThanOrEqual(absoluteExpiresAt ?? 0);
    await fixture.manager({ ttl: 100_000 }).touch(id);
    expect(await endAtServer(id)).toBe(absoluteExpiresAt ?? 0);
    const moved = await fixture.manager({ ttl: 100_000 }).regenerate(id);
    expect(moved?.absoluteExpiresAt).toBe(absoluteExpiresAt);
    expect(await endAtServer(moved?.id ?? "")).toBe(absoluteExpiresAt ?? 0);
    await expectSound(fixture.server);
  });

  test("the longest ttl there is keeps the record readable, though the set's life would not fit in it", async () => {
    const sessions = fixture.manager({ ttl: 100 * 365 * 86_400 });
    const { id } = await here.create({ userId: "u1" });
    await sessions.touch(id);
    await sessions.update(id, { a: 1 });
    const found = await sessions.refresh(id);
    expect(found?.data).toEqual({ userId: "u1", a: 1 });
    expect(await endAtServer(id)).toBe(Number(found?.expiresAt));
    const { sessions: stored } = await expectSound(fixture.server);
    expect(stored[0]?.record.idx).toBe(9_999_999_999_999);
  });
});

describe("G3 one truth about expiry: a session that the server lets expire", () => {
  test("[SEC-06] is gone at the end that was told, and nothing brings it back", async () => {
    const sessions = fixture.worker(0).with({ ttl: 0.15 });
    const { id, expiresAt } = await sessions.create({ userId: "u1" });
    const key = `app:session:id:${here.handleOf(id)}`;
    await until(async () => (await fixture.server.command("EXISTS", key)) === 0);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    await sessions.touch(id);
    await sessions.update(id, { a: 1 });
    expect(await sessions.refresh(id)).toBeNull();
    expect(await sessions.refreshIfDue(id)).toBeNull();
    expect(await sessions.regenerate(id)).toBeNull();
    expect(await sessions.listByUser("u1")).toEqual([]);
    expect(await sessions.destroyByUser("u1")).toBe(0);
    expect((await readDatabase(fixture.server)).sessions).toEqual([]);
  });

  test("[SEC-06] lives on while it is touched, and no longer than its absolute end", async () => {
    const sessions = fixture.worker(0).with({ ttl: 0.8, absoluteTtl: 1.2 });
    const { id, expiresAt, absoluteExpiresAt = 0 } = await sessions.create({ userId: "u1" });
    const end = await until(async () => {
      const found = await sessions.refresh(id);
      if (found !== null) expect(found.expiresAt).toBeLessThanOrEqual(absoluteExpiresAt);
      return found === null && Date.now();
    });
    expect(end).toBeGreaterThan(expiresAt);
    expect(end).toBeGreaterThanOrEqual(absoluteExpiresAt);
  });

  test("an update that was held up until after the end brings nothing back", async () => {
    const worker = fixture.worker(0);
    const { id } = await worker.sessions.create({ userId: "u1" });
    const held = worker.proxy.holdBefore("EVALSHA");
    const updating = worker.sessions.merge(id, { late: true });
    await held.reached;
    const key = `app:session:id:${here.handleOf(id)}`;
    await fixture.server.command("PEXPIRE", key, 1);
    await until(async () => (await fixture.server.command("EXISTS", key)) === 0);
    held.release();
    expect(await updating).toBeNull();
    expect((await readDatabase(fixture.server)).sessions).toEqual([]);
  });
});

describe("G3 one truth about expiry: a user's set", () => {
  test("outlives the user's sessions through any number of touches, which seldom need to extend it", async () => {
    const sessions = fixture.manager({ ttl: 100 });
    const { id } = await sessions.create({ userId: "u1" });
    const key = `app:session:id:${here.handleOf(id)}`;
    const longest = await fixture.proxy.measure(async () => {
      for (let touch = 0; touch < 40; touch++) {
        // Half of the session's life passes; the set's with it.
        await idle(id, 50_000);
        const [user] = (await readDatabase(fixture.server)).users;
        await fixture.server.command("PEXPIREAT", user?.key ?? "", Number(user?.endsAt) - 50_000);
        await setIndexedUntil(key, Number(user?.endsAt) - 50_000);
        await sessions.touch(id);
        await expectSound(fixture.server);
      }
    });
    // 40 touches, and now and then two commands more.
    expect(longest.commands.length).toBeLessThan(40 + 2 * 10);
    expect(longest.commands.length).toBeGreaterThan(40);
    expect(await sessions.destroyByUser("u1")).toBe(1);
  });

  test("holds the longest of its sessions, whatever the ttl of who came last", async () => {
    const long = await fixture.manager({ ttl: 100_000 }).create({ userId: "u1" });
    const short = fixture.manager({ ttl: 1 });
    const { id } = await short.create({ userId: "u1" });
    for (const _ of [1, 2, 3]) {
      await short.touch(id);
      await short.touch(long.id);
      await short.update(long.id, { a: 1 });
      await expectSound(fixture.server);
    }
    expect(await short.destroyByUser("u1")).toBe(2);
  });

  test("a touch by a manager with a longer ttl extends the set before the session", async () => {
    const { id } = await fixture.manager({ ttl: 10 }).create({ userId: "u1" });
    for (const ttl of [100, 1000, 10_000, 100_000]) {
      await fixture.manager({ ttl }).touch(id);
      await expectSound(fixture.server);
    }
  });

  async function setIndexedUntil(key: string, time: number): Promise<void> {
    await fixture.server.command("SETRANGE", key, '{"v":1,"exp":1234567890123,"idx":'.length, time);
  }
});
