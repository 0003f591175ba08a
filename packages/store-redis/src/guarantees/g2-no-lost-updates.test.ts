import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Session, SessionManager } from "@ventostack/auth-core";
import { expectSound } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";
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

describe("G2 no lost updates: in whatever order the commands of two processes reach Redis", () => {
  test("both of two updates are kept", async () => {
    const orders = await everyOrder(async () => {
      const { id } = await here.create({ start: true });
      return {
        acts: [0, 1].map((number) => {
          const worker = fixture.worker(number);
          return { worker, run: () => worker.sessions.merge(id, { [`by${number}`]: number }) };
        }),
        check: sound,
        end: async () => expect((await here.get(id))?.data).toEqual({ start: true, by0: 0, by1: 1 }),
      };
    });
    expect(orders).toBeGreaterThan(5);
  });

  test("an update that removes a key and one that sets another are both done", async () => {
    await everyOrder(async () => {
      const { id } = await here.create({ start: true, gone: 1 });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [
          { worker: one, run: () => one.sessions.update(id, { gone: undefined }) },
          { worker: other, run: () => other.sessions.update(id, { added: null }) },
        ],
        end: async () => expect((await here.get(id))?.data).toEqual({ start: true, added: null }),
      };
    });
  });

  test("an update and a touch are both done", async () => {
    await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const { id, expiresAt } = await here.create({ userId: "u1" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [
          { worker: one, run: () => one.sessions.update(id, { added: 1 }) },
          { worker: other, run: () => other.with({ ttl: 100_000 }).touch(id) },
        ],
        check: sound,
        async end() {
          const found = await here.get(id);
          expect(found?.data).toEqual({ userId: "u1", added: 1 });
          expect(found?.expiresAt).toBeGreaterThan(expiresAt + 90_000_000);
        },
      };
    });
  });

  test("an update that lands within a regenerate is in the regenerated session, or finds it gone", async () => {
    let between = 0;
    const orders = await everyOrder(async () => {
      await fixture.server.command("FLUSHALL");
      const { id } = await here.create({ start: true, userId: "u1" });
      const [one, other] = [fixture.worker(0), fixture.worker(1)];
      return {
        acts: [
          { worker: one, run: () => one.sessions.regenerate(id, { role: "admin" }) },
          { worker: other, run: () => other.sessions.merge(id, { between: 1 }) },
        ],
        check: sound,
        async end([regenerated, merged]) {
          if (merged !== null) between++;
          const expected = {
            start: true,
            userId: "u1",
            role: "admin",
            ...(merged !== null && { between: 1 }),
          };
          const { sessions } = await expectSound(fixture.server);
          expect(sessions.map(({ record }) => record.data)).toEqual([expected]);
          expect(sessions[0]?.id).toBe(here.handleOf((regenerated as Session).id));
        },
      };
    });
    expect(between).toBeGreaterThan(0);
    expect(between).toBeLessThan(orders);
  });

  test("three updates in three processes are kept", async () => {
    await someOrders(60, async () => {
      const { id } = await here.create();
      return {
        acts: [0, 1, 2].map((number) => {
          const worker = fixture.worker(number);
          return { worker, run: () => worker.sessions.update(id, { [number]: number }) };
        }),
        end: async () => expect((await here.get(id))?.data).toEqual({ 0: 0, 1: 1, 2: 2 }),
      };
    });
  });
});

test("G2 no lost updates: 64 writers in 4 processes with 25 merges of different keys each: 1600 of 1600 kept", async () => {
  // Without proxies: those are all in this process, which would set the pace.
  const fast = await startFixture(4, { direct: true });
  try {
    const sessions = fast.manager();
    const { id, expiresAt } = await sessions.create();
    async function write(writer: number): Promise<void> {
      for (let round = 0; round < 25; round++) {
        await fast.worker(writer % 4).sessions.update(id, { [`${writer}/${round}`]: round });
      }
    }
    await Promise.all(Array.from({ length: 64 }, (_, writer) => write(writer)));
    const kept = await sessions.get(id);
    expect(Object.keys(kept?.data ?? {}).length).toBe(1600);
    expect(kept?.expiresAt).toBe(expiresAt);
    await expectSound(fast.server);
  } finally {
    await fast.stop();
  }
}, 30_000);
