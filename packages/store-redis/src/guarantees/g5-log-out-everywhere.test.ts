import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { until } from "@ventostack/testing/redis";
import { expectSound, readDatabase } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";

let fixture: Fixture;
let here: SessionManager;

beforeAll(async () => {
  fixture = await startFixture(4);
  here = fixture.manager();
});
beforeEach(async () => {
  await fixture.server.command("FLUSHALL");
});
afterAll(() => fixture.stop());

describe("G5 log out everywhere is exact: sessions that four processes made", () => {
  test("[SEC-08] ends all of the user's, no other one's, and counts them", async () => {
    const made = await Promise.all(
      fixture.workers.flatMap(({ sessions }) => [
        sessions.create({ userId: "ada" }),
        sessions.create({ userId: "ada" }),
        sessions.create({ userId: "grace" }),
        sessions.create({ cart: 1 }),
      ]),
    );
    expect(await fixture.worker(3).sessions.destroyByUser("ada")).toBe(8);
    const { sessions, users } = await expectSound(fixture.server);
    const left = made.filter(({ data }) => data.userId !== "ada").map(({ id }) => here.handleOf(id));
    expect(sessions.map(({ id }) => id).sort()).toEqual(left.sort());
    expect(users.map(({ members }) => members.size)).toEqual([4]);
    for (const { sessions: remote } of fixture.workers) expect(await remote.destroyByUser("ada")).toBe(0);
    expect(await here.destroyByUser("nobody")).toBe(0);
  });

  test("[SEC-08] spares the session that asks, and goes on finding it [ASVS 7.4.3]", async () => {
    const [mine, other] = await Promise.all([
      fixture.worker(0).sessions.create({ userId: "u1" }),
      fixture.worker(1).sessions.create({ userId: "u1" }),
    ]);
    expect(await fixture.worker(2).sessions.destroyByUser("u1", { except: mine.id })).toBe(1);
    expect(await here.get(mine.id)).not.toBeNull();
    expect(await here.get(other.id)).toBeNull();
    await expectSound(fixture.server);
    // A handle is no id, so it spares nothing.
    expect(await here.destroyByUser("u1", { except: here.handleOf(mine.id) })).toBe(1);
  });

  test("counts live sessions only, whatever the set still holds", async () => {
    const brief = await fixture.manager({ ttl: 0.05 }).create({ userId: "u1" });
    await here.create({ userId: "u1" });
    const key = `app:session:id:${here.handleOf(brief.id)}`;
    await until(async () => (await fixture.server.command("EXISTS", key)) === 0);
    expect((await readDatabase(fixture.server)).users[0]?.members.size).toBe(2);
    expect(await fixture.worker(0).sessions.destroyByUser("u1")).toBe(1);
  });

  test("a session that was destroyed or regenerated leaves the set", async () => {
    const destroyed = await here.create({ userId: "u1" });
    const old = await here.create({ userId: "u1" });
    await fixture.worker(0).sessions.destroy(destroyed.id);
    const moved = await fixture.worker(1).sessions.regenerate(old.id);
    const [set] = await until(async () => {
      const { users } = await expectSound(fixture.server);
      return users[0]?.members.size === 1 && users;
    });
    expect([...(set?.members.keys() ?? [])]).toEqual([here.handleOf(moved?.id ?? "")]);
  });

  test("a session that changes hands leaves the old user's set and is found by the new user", async () => {
    const updated = await here.create({ userId: "a" });
    const regenerated = await here.create({ userId: "a" });
    const signedOut = await here.create({ userId: "a" });
    await fixture.worker(0).sessions.update(updated.id, { userId: "b" });
    await fixture.worker(1).sessions.regenerate(regenerated.id, { userId: "b" });
    await fixture.worker(2).sessions.update(signedOut.id, { userId: undefined });
    await until(async () => (await expectSound(fixture.server)).users.length === 1);
    expect(await here.listByUser("a")).toEqual([]);
    expect(await here.destroyByUser("a")).toBe(0);
    expect((await here.listByUser("b")).length).toBe(2);
    expect(await here.destroyByUser("b")).toBe(2);
    expect(await here.get(signedOut.id)).not.toBeNull();
  });

  test("a member that stands for another user's session, or for nobody's, is passed over", async () => {
    const mine = await here.create({ userId: "mine" });
    const foreign = await here.create({ userId: "other" });
    const anonymous = await here.create();
    const { users } = await expectSound(fixture.server);
    const own = users.find(({ members }) => members.has(here.handleOf(mine.id)))?.key ?? "";
    for (const { id } of [foreign, anonymous]) {
      await fixture.server.command("ZADD", own, 1, here.handleOf(id));
    }
    expect((await here.listByUser("mine")).length).toBe(1);
    for (const { id } of [foreign, anonymous]) {
      await fixture.server.command("ZADD", own, 1, here.handleOf(id));
    }
    expect(await here.destroyByUser("mine")).toBe(1);
    expect(await here.get(foreign.id)).not.toBeNull();
    expect(await here.get(anonymous.id)).not.toBeNull();
    expect(await here.destroyByUser("other")).toBe(1);
  });

  test("users whose names hold quotes, separators or any letters are told apart", async () => {
    const names = ['a","data":{', 'a"', "a", "ä", "a\u0000", "a:b", "*", "日本", "{a}", "__proto__", "a\\"];
    for (const userId of names) await here.create({ userId });
    await expectSound(fixture.server);
    for (const userId of names) expect((await here.listByUser(userId)).length).toBe(1);
    for (const userId of names) expect(await fixture.worker(0).sessions.destroyByUser(userId)).toBe(1);
  });

  test("key prefixes and managers' prefixes are worlds of their own", async () => {
    const worlds = [
      fixture.manager(),
      fixture.manager({}, "other:"),
      fixture.manager({ prefix: "admin:" }),
      fixture.manager({ prefix: "admin:" }, "other:"),
      fixture.manager({}, ""),
    ];
    const made = await Promise.all(worlds.map((sessions) => sessions.create({ userId: "u1" })));
    for (const [at, sessions] of worlds.entries()) {
      for (const [other, { id }] of made.entries()) {
        expect((await sessions.get(id)) !== null).toBe(at === other);
      }
    }
    for (const [at, sessions] of worlds.entries()) {
      expect(await sessions.destroyByUser("u1")).toBe(1);
      const alive = await Promise.all(worlds.map((world, of) => world.get(made[of]?.id ?? "")));
      expect(alive.map((session) => session !== null)).toEqual(worlds.map((_, of) => of > at));
    }
  });

  test("[SEC-08] a handle ends that session, for its own user only [ASVS 7.4.5]", async () => {
    const { id } = await here.create({ userId: "u1" });
    const handle = here.handleOf(id);
    const { sessions } = fixture.worker(0);
    expect(await sessions.destroyByHandle("u2", handle)).toBe(false);
    expect(await sessions.destroyByHandle("u1", id)).toBe(false);
    expect(await here.get(id)).not.toBeNull();
    expect(await sessions.destroyByHandle("u1", handle)).toBe(true);
    expect(await here.get(id)).toBeNull();
    expect(await sessions.destroyByHandle("u1", handle)).toBe(false);
  });
});
