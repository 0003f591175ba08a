import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { until } from "@ventostack/testing/redis";
import { expectSound, isRunOf, readDatabase } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";
import { inParallel } from "./in-parallel.test-kit.ts";
import { everyOrder, someOrders } from "./interleave.test-kit.ts";

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

const sound = async (): Promise<void> => void (await expectSound(fixture.server));

/** Lets every member of the users' sets look as if it had joined that long ago. */
async function age(milliseconds: number): Promise<void> {
  for (const { key, members } of (await readDatabase(fixture.server)).users) {
    for (const [member, joinedAt] of members) {
      await fixture.server.command("ZADD", key, "XX", joinedAt - milliseconds, member);
    }
  }
}

const MINUTES = 120_000;

describe("G4 nothing half-written: a process that stops after any of its commands", () => {
  const operations: [string, (sessions: SessionManager, id: string) => Promise<unknown>][] = [
    ["create", (sessions) => sessions.create({ userId: "u1" })],
    ["create without a user", (sessions) => sessions.create()],
    ["get", (sessions, id) => sessions.get(id)],
    ["update", (sessions, id) => sessions.update(id, { a: 1 })],
    ["update to another user", (sessions, id) => sessions.update(id, { userId: "u2" })],
    ["update to no user", (sessions, id) => sessions.update(id, { userId: undefined })],
    ["touch", (sessions, id) => sessions.touch(id)],
    ["refreshIfDue", (sessions, id) => sessions.refreshIfDue(id)],
    ["regenerate", (sessions, id) => sessions.regenerate(id)],
    ["regenerate to another user", (sessions, id) => sessions.regenerate(id, { userId: "u2" })],
    ["destroy", (sessions, id) => sessions.destroy(id)],
    ["listByUser", (sessions) => sessions.listByUser("u1")],
    ["destroyByUser", (sessions) => sessions.destroyByUser("u1")],
    ["destroyByHandle", (sessions, id) => sessions.destroyByHandle("u1", sessions.handleOf(id))],
  ];
  test.each(operations)(
    "%s leaves every key with an end, and every session in its user's set",
    async (_, run) => {
      for (const ttl of [3600, 100_000]) {
        await fixture.server.command("FLUSHALL");
        const worker = fixture.worker(0);
        const sessions = { ...worker.with({ ttl, absoluteTtl: 200_000 }), handleOf: here.handleOf };
        const { id } = await here.create({ userId: "u1" });
        await everyOrder(async () => ({
          acts: [{ worker, run: () => run(sessions as SessionManager, id) }],
          check: sound,
          end: sound,
        }));
      }
    },
  );
});

describe("G4 nothing half-written: in whatever order the commands of two processes reach Redis", () => {
  test("a session that leaves a user and is brought back is in that user's set", async () => {
    const orders = await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ userId: "u1" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [
          { worker: one, run: () => one.sessions.update(id, { userId: "u2" }) },
          { worker: other, run: () => other.sessions.update(id, { userId: "u1" }) },
        ],
        check: sound,
        async end() {
          const [left] = (await expectSound(fixture.server)).sessions;
          expect(await here.destroyByUser(String(left?.record.user))).toBe(1);
        },
      };
    });
    expect(orders).toBeGreaterThan(10);
  });

  test("a user's set lives as long as a session that is extended while it comes to that user", async () => {
    const orders = await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await fixture.manager({ ttl: 100 }).create({ userId: "u1" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [
          { worker: one, run: () => one.sessions.update(id, { userId: "u2" }) },
          { worker: other, run: () => other.with({ ttl: 100_000 }).touch(id) },
        ],
        check: sound,
        end: sound,
      };
    });
    expect(orders).toBeGreaterThan(10);
  });

  test("a member that a session left behind is not pruned while the session comes back", async () => {
    const orders = await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ userId: "u1" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      // As if the process had ended before it took the session out of the first user's set.
      const left = fixture.proxy.holdBefore(isRunOf("LEAVE"));
      await here.update(id, { userId: "u2" });
      await left.reached;
      fixture.proxy.cut();
      left.release();
      await age(MINUTES);
      return {
        acts: [
          { worker: one, run: () => one.sessions.update(id, { userId: "u1" }) },
          { worker: other, run: () => other.sessions.listByUser("u1") },
        ],
        check: sound,
        end: async () => expect(await here.destroyByUser("u1")).toBe(1),
      };
    });
    expect(orders).toBeGreaterThan(10);
  });

  test("sessions of two users that change hands in three processes stay findable", async () => {
    await someOrders(150, async (number) => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ userId: "u1" });
      const users = ["u2", number % 2 === 0 ? "u1" : "u3", "u1"];
      return {
        acts: users.map((userId, at) => {
          const worker = fixture.worker(at);
          const by = at === 1 && number % 3 === 0 ? "regenerate" : "update";
          return { worker, run: async () => worker.sessions[by](id, { userId }) };
        }),
        check: sound,
        async end() {
          const { sessions } = await expectSound(fixture.server);
          expect(sessions.length).toBe(1);
          expect(await here.destroyByUser(String(sessions[0]?.record.user))).toBe(1);
        },
      };
    });
  });

  test("a log-in and a listing that prunes", async () => {
    const orders = await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const dead = await here.create({ userId: "u1" });
      await age(MINUTES);
      await fixture.server.command("DEL", `app:session:id:${here.handleOf(dead.id)}`);
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [
          { worker: one, run: () => one.sessions.create({ userId: "u1" }) },
          { worker: other, run: () => other.sessions.listByUser("u1") },
        ],
        check: sound,
        async end() {
          const { users } = await expectSound(fixture.server);
          expect(users.map(({ members }) => members.size)).toEqual([1]);
          expect(await here.destroyByUser("u1")).toBe(1);
        },
      };
    });
    expect(orders).toBeGreaterThan(5);
  });
});

test("G4 nothing half-written: a log-in under way is not pruned by another one, and is found", async () => {
  const many = fixture.manager();
  for (let n = 0; n < 17; n++) await many.create({ userId: "u1" });
  await age(MINUTES);
  const worker = fixture.worker(0);
  const writing = worker.proxy.holdBefore(isRunOf("WRITE"));
  const creating = worker.sessions.create({ userId: "u1" });
  await writing.reached;
  const { proxy } = fixture;
  const begin = proxy.commands.length;
  // The first log-in that this store sees of a user with so many looks through the set.
  await fixture.manager().create({ userId: "u1" });
  await until(() => proxy.commands.slice(begin).filter(isRunOf("IS_OF_USER")).length >= 17);
  // What it removes follows its questions.
  for (const _ of [1, 2, 3]) await fixture.client.send("PING", []);
  writing.release();
  await creating;
  await expectSound(fixture.server);
  expect(await here.destroyByUser("u1")).toBe(19);
});

describe("G4 nothing half-written: four processes at full speed", () => {
  test("1500 rounds of a log-in racing listings that prune: 0 live sessions lost from the set", async () => {
    let lost = 0;
    await inParallel(1500, 24, async (round) => {
      const userId = `u${round}`;
      const [a, b] = [0, 1].map((number) => fixture.worker((round + number) % 4).sessions);
      const [created] = await Promise.all([a?.create({ userId }), b?.listByUser(userId)]);
      const listed = await b?.listByUser(userId);
      if (!listed?.some(({ handle }) => handle === here.handleOf(created?.id ?? ""))) lost++;
    });
    expect(lost).toBe(0);
    expect((await expectSound(fixture.server)).sessions.length).toBe(1500);
  });
});
