import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { until } from "@ventostack/testing/redis";
import { expectSound, readDatabase } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";
import { inParallel } from "./in-parallel.test-kit.ts";
import type { RemoteManager } from "./workers.test-kit.ts";

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture(2);
});
beforeEach(async () => {
  await fixture.server.command("FLUSHALL");
});
afterAll(() => fixture.stop());

/** Dead members that a set may hold, and what is added while it is looked through. */
const SLACK = 16 + 4;

async function setSize(): Promise<number> {
  return (await readDatabase(fixture.server)).users[0]?.members.size ?? 0;
}

/** That many log-ins that nobody ended, long ago. */
async function makeOldLogins(sessions: RemoteManager, count: number): Promise<void> {
  const { endsAt: before = 0 } = (await readDatabase(fixture.server)).users[0] ?? {};
  await inParallel(count, 50, async () => {
    await sessions.create({ userId: "u1" });
  });
  const { sessions: made, users } = await readDatabase(fixture.server);
  expect(made.length).toBeGreaterThanOrEqual(count);
  expect(Number(users[0]?.endsAt)).toBeGreaterThan(before);
  const raw = await fixture.server.connect();
  // The keys are gone, as expired ones are, and the members seem to have joined two minutes ago.
  await raw.pipeline(made.map(({ key }) => ["DEL", key]));
  await raw.pipeline(
    users.flatMap(({ key, members }) =>
      [...members].map(([member, joinedAt]) => ["ZADD", key, "XX", joinedAt - 120_000, member]),
    ),
  );
  raw.close();
}

describe("G8 bounded: a user's set", () => {
  test("is emptied of 1000 expired sessions by the next log-in in another process", async () => {
    await makeOldLogins(fixture.worker(0).sessions, 1000);
    expect(await setSize()).toBe(1000);
    const { id } = await fixture.worker(1).sessions.create({ userId: "u1" });
    await until(async () => (await setSize()) <= 1 + SLACK);
    expect(await fixture.worker(0).sessions.get(id)).not.toBeNull();
    expect(await fixture.worker(0).sessions.destroyByUser("u1")).toBe(1);
  });

  test("is emptied in the process that made them all within a few log-ins", async () => {
    const { sessions } = fixture.worker(0);
    await makeOldLogins(sessions, 1000);
    let live = 0;
    await until(async () => {
      await sessions.create({ userId: "u1" });
      live += 1;
      return (await setSize()) <= live + SLACK;
    });
    expect(live).toBeLessThan(60);
    expect(await sessions.destroyByUser("u1")).toBe(live);
  });

  test("is emptied by a listing, and by destroyByUser", async () => {
    const { sessions } = fixture.worker(0);
    await makeOldLogins(sessions, 100);
    expect(await sessions.listByUser("u1")).toEqual([]);
    expect(await setSize()).toBe(0);
    await makeOldLogins(sessions, 100);
    expect(await sessions.destroyByUser("u1")).toBe(0);
    expect(await setSize()).toBe(0);
  });

  test("keeps members whose log-in may still be under way, and every live one", async () => {
    const { sessions } = fixture.worker(0);
    const old = await sessions.create({ userId: "u1" });
    const [user] = (await expectSound(fixture.server)).users;
    await fixture.server.command(
      "ZADD",
      user?.key ?? "",
      "XX",
      Date.now() - 3_600_000,
      user?.members.keys().next().value ?? "",
    );
    await fixture.server.command("ZADD", user?.key ?? "", Date.now(), "session:on-its-way");
    expect((await sessions.listByUser("u1")).length).toBe(1);
    const [after] = (await expectSound(fixture.server)).users;
    expect(after?.members.has("session:on-its-way")).toBe(true);
    expect(after?.members.size).toBe(2);
    expect(await sessions.get(old.id)).not.toBeNull();
  });

  test("ends by itself, a few lifetimes after the last session, whatever has been done to it", async () => {
    const { sessions } = { sessions: fixture.worker(0).with({ ttl: 1000 }) };
    const { id } = await sessions.create({ userId: "u1" });
    for (let round = 0; round < 20; round++) {
      await sessions.touch(id);
      await sessions.update(id, { round });
      await sessions.create({ userId: "u1" });
    }
    const [user] = (await expectSound(fixture.server)).users;
    expect(Number(user?.endsAt) - Date.now()).toBeLessThanOrEqual(4 * 1_000_000 + 60_000);
  });
});

describe("G8 bounded: the database", () => {
  test("holds nothing of sessions that have been ended, however that was", async () => {
    const { sessions } = fixture.worker(0);
    await inParallel(200, 20, async (round) => {
      const userId = `u${round % 50}`;
      const { id } = await sessions.create({ userId });
      const moved = await sessions.regenerate(id, { userId: `${userId}b` });
      if (round % 2 === 0) await sessions.destroy(moved?.id ?? "");
      else await sessions.destroyByHandle(`${userId}b`, fixture.manager().handleOf(moved?.id ?? ""));
    });
    await until(async () => (await fixture.server.command("DBSIZE")) === 0);
  });
});
