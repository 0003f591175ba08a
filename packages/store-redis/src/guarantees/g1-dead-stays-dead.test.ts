import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { expectSound } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";
import { inParallel } from "./in-parallel.test-kit.ts";
import { everyOrder } from "./interleave.test-kit.ts";
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

describe("G1 dead stays dead: in whatever order the commands of two processes reach Redis", () => {
  const racers: [string, (sessions: RemoteManager, id: string) => Promise<unknown>][] = [
    ["update", (sessions, id) => sessions.update(id, { late: true })],
    ["update that changes the user", (sessions, id) => sessions.update(id, { userId: "u2" })],
    ["touch", (sessions, id) => sessions.touch(id)],
    ["refresh", (sessions, id) => sessions.refresh(id)],
    ["refreshIfDue", (sessions, id) => sessions.refreshIfDue(id)],
    ["get", (sessions, id) => sessions.get(id)],
    ["regenerate", (sessions, id) => sessions.regenerate(id)],
  ];
  test.each(racers)("[SEC-07] %s and destroy", async (_, race) => {
    const orders = await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ userId: "u1" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      // A longer life than the user's set was made for, so that a touch has to extend that first.
      const longer = one.with({ ttl: 100_000 });
      let regenerated = "";
      return {
        acts: [
          {
            worker: one,
            async run() {
              const raced = await race(longer, id);
              if (raced && typeof raced === "object" && "id" in raced) regenerated = String(raced.id);
            },
          },
          { worker: other, run: () => other.sessions.destroy(id) },
        ],
        check: async () => void (await expectSound(fixture.server)),
        async end() {
          expect(await here.get(id)).toBeNull();
          const { sessions } = await expectSound(fixture.server);
          // A regenerate that came first has moved the session before it could be destroyed.
          const moved = regenerated !== "" && regenerated !== id;
          expect(sessions.map((session) => session.id)).toEqual(moved ? [here.handleOf(regenerated)] : []);
        },
      };
    });
    expect(orders).toBeGreaterThan(1);
  });

  test("[SEC-05] two regenerates: one gets the session, and nothing else is left", async () => {
    const orders = await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ userId: "u1" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [one, other].map((worker) => ({ worker, run: () => worker.sessions.regenerate(id) })),
        check: async () => void (await expectSound(fixture.server)),
        async end(results) {
          const winners = results.filter((result) => result !== null) as { id: string }[];
          expect(winners.length).toBe(1);
          const { sessions } = await expectSound(fixture.server);
          expect(sessions.map((session) => session.id)).toEqual([here.handleOf(winners[0]?.id ?? "")]);
        },
      };
    });
    expect(orders).toBeGreaterThan(50);
  });

  test("[SEC-07] a session destroyed and made anew under the same id is not the one that was read before (ABA)", async () => {
    const [one, other] = [fixture.worker(0), fixture.worker(1)];
    const anew = { randomByte: 7 };
    for (const step of ["update", "regenerate"] as const) {
      const { id } = await one.with(anew).create({ life: 1 });
      const held = one.proxy.holdBefore(({ name }) => name === "EVALSHA");
      const late = one.sessions[step](id, { late: true });
      await held.reached;
      await other.sessions.destroy(id);
      await other.with(anew).create({ life: 2 });
      held.release();
      await late;
      const { sessions } = await expectSound(fixture.server);
      expect(sessions.length).toBe(1);
      expect(sessions[0]?.record.data).toMatchObject({ life: 2 });
      await fixture.server.command("FLUSHALL");
    }
  });
});

test("G1 dead stays dead: a log-in under the id of a live session is refused, and changes nothing", async () => {
  const anew = { randomByte: 9 };
  const { id } = await fixture.worker(0).with(anew).create({ life: 1 });
  const before = await expectSound(fixture.server);
  const second = fixture.worker(1).with(anew).create({ life: 2 });
  expect(await second.catch((error: unknown) => error)).toMatchObject({ code: "CONFLICT" });
  expect(await expectSound(fixture.server)).toEqual(before);
  // Nor does a session move there.
  const other = await here.create({ life: 3 });
  const moving = fixture.worker(1).with(anew).regenerate(other.id);
  expect(await moving.catch((error: unknown) => error)).toMatchObject({ code: "CONFLICT" });
  expect((await here.get(id))?.data).toEqual({ life: 1 });
  expect((await here.get(other.id))?.data).toEqual({ life: 3 });
});

describe("G1 dead stays dead: four processes at full speed", () => {
  test("1000 rounds of updates and touches racing a destroy: 0 sessions come back", async () => {
    let alive = 0;
    await inParallel(1000, 25, async (round) => {
      const [a, b, c, d] = [0, 1, 2, 3].map((number) => fixture.worker((round + number) % 4).sessions);
      const { id } = (await a?.create({ userId: `u${round % 10}` })) ?? { id: "" };
      await Promise.all([b?.update(id, { b: 1 }), c?.destroy(id), d?.touch(id), a?.update(id, { a: 1 })]);
      if ((await a?.get(id)) !== null) alive++;
    });
    expect(alive).toBe(0);
    expect((await expectSound(fixture.server)).sessions).toEqual([]);
  });

  test("750 rounds of two regenerates: 0 times both new ids live", async () => {
    let doubles = 0;
    await inParallel(750, 25, async (round) => {
      const [a, b] = [0, 1].map((number) => fixture.worker((round + number) % 4).sessions);
      const { id } = (await a?.create({ round })) ?? { id: "" };
      const both = await Promise.all([a?.regenerate(id), b?.regenerate(id)]);
      const found = await Promise.all(both.map((one) => a?.get(one?.id ?? "")));
      if (found.filter((one) => one !== null).length !== 1) doubles++;
    });
    expect(doubles).toBe(0);
    expect((await expectSound(fixture.server)).sessions.length).toBe(750);
  });
});
