import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Session, SessionManager } from "@ventostack/auth-core";
import { expectSound } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";
import { inParallel } from "./in-parallel.test-kit.ts";
import { someOrders } from "./interleave.test-kit.ts";
import type { RemoteManager, WorkerOptions } from "./workers.test-kit.ts";

const LOG_INS = 50;
const LIMIT = 3;

let fixture: Fixture;
let here: SessionManager;

beforeAll(async () => {
  fixture = await startFixture(4, { direct: true });
  here = fixture.manager();
});
beforeEach(async () => {
  await fixture.server.command("FLUSHALL");
});
afterAll(() => fixture.stop());

const managersWith = (options: WorkerOptions): RemoteManager[] =>
  fixture.workers.map((worker) => worker.with(options));

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("There is none.");
  return item;
}

/** What became of that many log-ins of one user, all at once, spread over the processes. */
function signInAtOnce(managers: readonly RemoteManager[], userId: string, count: number) {
  return Promise.allSettled(
    Array.from({ length: count }, (_, n) => at(managers, n).create({ userId, n }) as Promise<Session>),
  );
}

describe(`maxPerUser: ${LOG_INS} log-ins at once on 4 processes`, () => {
  test(`[SEC-08] leave exactly ${LIMIT} live sessions, over 100 rounds`, async () => {
    const managers = managersWith({ maxPerUser: LIMIT });
    const left: number[] = [];
    let refused = 0;
    await inParallel(100, 4, async (round) => {
      const outcomes = await signInAtOnce(managers, `u${round}`, LOG_INS);
      refused += outcomes.filter(({ status }) => status === "rejected").length;
      left.push((await here.listByUser(`u${round}`)).length);
    });
    expect(left).toEqual(Array.from({ length: 100 }, () => LIMIT));
    expect(refused).toBe(0);
    expect((await expectSound(fixture.server)).sessions).toHaveLength(100 * LIMIT);
  });

  test(`that are refused beyond it: at most ${LIMIT} succeed and as many live, over 20 rounds`, async () => {
    const managers = managersWith({ maxPerUser: LIMIT, onLimit: "reject" });
    await inParallel(20, 4, async (round) => {
      const outcomes = await signInAtOnce(managers, `u${round}`, LOG_INS);
      const codes = outcomes.flatMap((outcome) =>
        outcome.status === "rejected" ? [outcome.reason.code] : [],
      );
      expect(new Set(codes)).toEqual(new Set(["LIMIT_REACHED"]));
      expect(await here.listByUser(`u${round}`)).toHaveLength(LIMIT);
      expect(codes.length).toBeGreaterThan(LOG_INS / 2);
    });
  });

  test("and sessions that change their ids meanwhile leave no more than the limit, over 50 rounds", async () => {
    const managers = managersWith({ maxPerUser: LIMIT });
    await inParallel(50, 4, async (round) => {
      const userId = `moving${round}`;
      const first = await Promise.all([0, 1, 2].map((n) => at(managers, n).create({ userId })));
      const moving = first.map(({ id }, n) => at(managers, n + 1).regenerate(id));
      await Promise.all([signInAtOnce(managers, userId, 8), ...moving]);
      const { length } = await here.listByUser(userId);
      // Fewer where one was ended in the midst of its move: who counted it under the new key has let another one go.
      expect(length).toBeLessThanOrEqual(LIMIT);
    });
  });
});

describe("log-ins that race log-out-everywhere", () => {
  test("[SEC-08] over 1,000 rounds none survives that was made before", async () => {
    const managers = managersWith({});
    let survivors = 0;
    await inParallel(1000, 32, async (round) => {
      const userId = `racing${round}`;
      const before = await Promise.all([0, 1].map((n) => at(managers, round + n).create({ userId })));
      const [destroyed, ...late] = await Promise.all([
        at(managers, round + 2).destroyByUser(userId),
        at(managers, round + 3).create({ userId }),
        at(managers, round).create({ userId }),
      ]);
      const found = await Promise.all(before.map(({ id }) => at(managers, round + 1).get(id)));
      survivors += found.filter((session) => session !== null).length;
      const living = await at(managers, round + 1).destroyByUser(userId);
      expect(Number(destroyed) + living).toBe(before.length + late.length);
    });
    expect(survivors).toBe(0);
  });
});

describe("maxPerUser: in whatever order the commands of two processes reach Redis", () => {
  let held: Fixture;
  beforeAll(async () => {
    held = await startFixture(2);
  });
  afterAll(() => held.stop());

  test.each<[string, (sessions: RemoteManager, id: string) => Promise<unknown>]>([
    ["a log-in", (sessions) => sessions.create({ userId: "u1" })],
    ["a new id", (sessions, id) => sessions.regenerate(id)],
    [
      "a log-in by a new id",
      async (sessions) => sessions.regenerate((await sessions.create({})).id, { userId: "u1" }),
    ],
  ])("a log-in and %s leave exactly the limit", async (_, race) => {
    for (const onLimit of ["evict-oldest", "reject"] as const) {
      const options = { maxPerUser: 2, onLimit } as const;
      await someOrders(40, async () => {
        await held.server.command("FLUSHALL");
        const [{ id }] = [
          await held.manager().create({ userId: "u1" }),
          await held.manager().create({ userId: "u2" }),
        ];
        const [one, other] = [held.worker(0), held.worker(1)];
        return {
          acts: [
            { worker: one, run: () => one.with(options).create({ userId: "u1" }) },
            { worker: other, run: () => race(other.with(options), id).catch((error: unknown) => error) },
          ],
          async end() {
            expect(await held.manager().listByUser("u1")).toHaveLength(2);
            await expectSound(held.server);
          },
        };
      });
    }
  });
});
