import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Session, SessionManager } from "@ventostack/auth-core";
import { expectSound, isRunOf, nthOf, type SessionKey } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";
import { inParallel } from "./in-parallel.test-kit.ts";
import { everyOrder, someOrders } from "./interleave.test-kit.ts";
import type { RemoteManager } from "./workers.test-kit.ts";

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

/** Runs the operation and `destroyByUser("u1")` in every order, on a session of that user and another one of it. */
function everyOrderWithDestroyByUser(
  race: (sessions: RemoteManager, id: string) => Promise<unknown>,
  end: (left: readonly SessionKey[], destroyed: unknown, raced: unknown) => void | Promise<void>,
): Promise<number> {
  return everyOrder(async () => {
    await fixture.server.command("FLUSHALL");
    const { id } = await here.create({ userId: "u1" });
    const [one, other] = [fixture.worker(0), fixture.worker(1)];
    return {
      acts: [
        { worker: one, run: () => race(one.sessions, id) },
        { worker: other, run: () => other.sessions.destroyByUser("u1") },
      ],
      check: sound,
      async end([raced, destroyed]) {
        expect(await here.get(id)).toBeNull();
        await end((await expectSound(fixture.server)).sessions, destroyed, raced);
      },
    };
  });
}

describe("G5 log out everywhere is exact: in whatever order the commands of two processes reach Redis", () => {
  test("a session that moves to a new id meanwhile is dead, and counts as one", async () => {
    const orders = await everyOrderWithDestroyByUser(
      (sessions, id) => sessions.regenerate(id),
      (left, destroyed) => {
        expect(left).toEqual([]);
        expect(destroyed).toBe(1);
      },
    );
    expect(orders).toBeGreaterThan(50);
  });

  test("one that moves twice is dead as well, and counts as one", async () => {
    await someOrders(150, async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ userId: "u1" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [
          {
            worker: one,
            async run() {
              const moved = await one.sessions.regenerate(id);
              if (moved !== null) await one.sessions.regenerate(moved.id);
            },
          },
          { worker: other, run: () => other.sessions.destroyByUser("u1") },
        ],
        check: sound,
        async end([, destroyed]) {
          expect((await expectSound(fixture.server)).sessions).toEqual([]);
          expect(destroyed).toBe(1);
        },
      };
    });
  });

  test("one that is updated or touched meanwhile is dead", async () => {
    for (const race of [
      (sessions: RemoteManager, id: string) => sessions.update(id, { late: true }),
      (sessions: RemoteManager, id: string) => sessions.touch(id),
    ]) {
      await everyOrderWithDestroyByUser(race, (left, destroyed) => {
        expect(left).toEqual([]);
        expect(destroyed).toBe(1);
      });
    }
  });

  test("one that is destroyed meanwhile is counted at most once", async () => {
    await everyOrderWithDestroyByUser(
      (sessions, id) => sessions.destroy(id),
      (left, destroyed) => {
        expect(left).toEqual([]);
        expect([0, 1]).toContain(destroyed as number);
      },
    );
  });

  test("two at once count the session once between them", async () => {
    const orders = await everyOrderWithDestroyByUser(
      (sessions) => sessions.destroyByUser("u1"),
      (left, destroyed, alsoDestroyed) => {
        expect(left).toEqual([]);
        expect(Number(destroyed) + Number(alsoDestroyed)).toBe(1);
      },
    );
    expect(orders).toBeGreaterThan(10);
  });

  test("a log-in of that moment lives or is counted, and the next call finds it", async () => {
    const orders = await everyOrderWithDestroyByUser(
      (sessions) => sessions.create({ userId: "u1" }),
      async (left, destroyed, created) => {
        expect(left.length + Number(destroyed)).toBe(2);
        expect(left.every(({ id }) => id === here.handleOf((created as Session).id))).toBe(true);
        expect(await here.destroyByUser("u1")).toBe(left.length);
        expect((await expectSound(fixture.server)).sessions).toEqual([]);
      },
    );
    expect(orders).toBeGreaterThan(10);
  });

  test.each(["update", "regenerate"] as const)(
    "one that passes to another user by %s is dead, or in that user's set",
    async (by) => {
      await everyOrder(async () => {
        await fixture.server.command("FLUSHALL");
        const { id } = await here.create({ userId: "u1" });
        const [one, other] = [fixture.worker(0), fixture.worker(1)];
        return {
          acts: [
            { worker: one, run: async () => one.sessions[by](id, { userId: "u2" }) },
            { worker: other, run: () => other.sessions.destroyByUser("u1") },
          ],
          check: sound,
          async end([, destroyed]) {
            const { sessions } = await expectSound(fixture.server);
            expect(sessions.every(({ record }) => record.user === "u2")).toBe(true);
            expect(sessions.length + Number(destroyed)).toBe(1);
            expect(await here.destroyByUser("u2")).toBe(sessions.length);
            expect(await here.listByUser("u2")).toEqual([]);
          },
        };
      });
    },
  );

  test("one that comes from another user meanwhile is dead, or found by the next call", async () => {
    await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ userId: "u2" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [
          { worker: one, run: () => one.sessions.update(id, { userId: "u1" }) },
          { worker: other, run: () => other.sessions.destroyByUser("u1") },
        ],
        check: sound,
        async end([, destroyed]) {
          const left = (await expectSound(fixture.server)).sessions.length;
          expect(left + Number(destroyed)).toBe(1);
          expect(await here.destroyByUser("u1")).toBe(left);
        },
      };
    });
  });

  test("one that comes by a regenerate which has to try again is found, whoever met the first try", async () => {
    const { id } = await here.create({ userId: "u1" });
    const [one, other, third] = [fixture.worker(0), fixture.worker(1), fixture.worker(2)];
    const taking = one.proxy.holdBefore(isRunOf("REMOVE"));
    const moving = one.sessions.regenerate(id, { userId: "u2" });
    await taking.reached;
    // It ends the session of the first try, and is late in taking that out of the set.
    const leaving = other.proxy.holdBefore("ZREM");
    const ending = other.sessions.destroyByUser("u2");
    await leaving.reached;
    await third.sessions.update(id, { a: 1 });
    taking.release();
    const moved = await moving;
    leaving.release();
    await ending;
    expect(moved?.data).toEqual({ userId: "u2", a: 1 });
    await expectSound(fixture.server);
    expect(await here.destroyByUser("u2")).toBe(1);
    expect(await here.get(moved?.id ?? "")).toBeNull();
  });

  test("three at once: regenerate, update and destroyByUser leave nothing", async () => {
    await someOrders(200, async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ userId: "u1" });
      const [one, two, three] = [fixture.worker(0), fixture.worker(1), fixture.worker(2)];
      return {
        acts: [
          { worker: one, run: () => one.sessions.regenerate(id) },
          { worker: two, run: () => two.sessions.update(id, { between: true }) },
          { worker: three, run: () => three.sessions.destroyByUser("u1") },
        ],
        check: sound,
        async end([, , destroyed]) {
          expect((await expectSound(fixture.server)).sessions).toEqual([]);
          expect(destroyed).toBe(1);
        },
      };
    });
  });
});

describe("G5 log out everywhere is exact: the order in which a user's sessions joined", () => {
  test("a regenerate in the millisecond of the log-in, or after the server's clock went back, is found", async () => {
    const { id } = await here.create({ userId: "u1" });
    const [one, other] = [fixture.worker(0), fixture.worker(1)];
    const { users } = await expectSound(fixture.server);
    // The log-in seems to be later than what follows it.
    await fixture.server.command("ZADD", users[0]?.key ?? "", Date.now() + 5000, here.handleOf(id));
    const written = one.proxy.holdBefore(isRunOf("WRITE"));
    const regenerating = one.sessions.regenerate(id);
    await written.reached;
    const second = nthOf("REMOVE_OF_USER", 2);
    const removal = other.proxy.holdBefore(second);
    const destroying = other.sessions.destroyByUser("u1");
    await Promise.race([removal.reached, destroying]);
    written.release();
    await regenerating;
    removal.release();
    await destroying;
    expect((await expectSound(fixture.server)).sessions).toEqual([]);
  });
});

describe("G5 log out everywhere is exact: four processes at full speed", () => {
  test("600 rounds of it racing chains of regenerates: 0 sessions survive, each is counted once", async () => {
    let survivors = 0;
    let miscounted = 0;
    await inParallel(600, 24, async (round) => {
      const userId = `u${round}`;
      const [a, b, c, d] = [0, 1, 2, 3].map((number) => fixture.worker((round + number) % 4).sessions);
      if (!a || !b || !c || !d) throw new Error("There are four workers.");
      const made = await Promise.all([a.create({ userId }), b.create({ userId })]);
      const ids = new Set(made.map(({ id }) => id));
      async function chain(sessions: RemoteManager, first: string): Promise<void> {
        let at: string | undefined = first;
        for (let link = 0; link < 6 && at !== undefined; link++) {
          at = (await sessions.regenerate(at))?.id;
          if (at !== undefined) ids.add(at);
        }
      }
      const [first, second] = made;
      const [count] = await Promise.all([d.destroyByUser(userId), chain(a, first.id), chain(c, second.id)]);
      const found = await Promise.all([...ids].map((id) => b.get(id)));
      survivors += found.filter((session) => session !== null).length;
      if (count !== 2) miscounted++;
    });
    expect({ survivors, miscounted }).toEqual({ survivors: 0, miscounted: 0 });
    expect((await expectSound(fixture.server)).sessions).toEqual([]);
  });
});
