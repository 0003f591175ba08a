import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import { startDatabases, type TestDatabase } from "../databases.test-kit.ts";
import { inParallel } from "./in-parallel.test-kit.ts";
import { type RemoteManager, startWorkers, type Worker } from "./workers.test-kit.ts";

const databases = await startDatabases();
let workers: Worker[];
beforeAll(async () => {
  workers = await startWorkers(4);
});
afterAll(() => Promise.all([...workers, ...databases].map((each) => each.stop())));

describe.each(databases)("$name, four processes at full speed", (database: TestDatabase) => {
  /** A new table, the four processes on it, and a manager in this one. */
  async function setUp(): Promise<{
    here: SessionManager;
    at: (number: number) => RemoteManager;
    table: string;
  }> {
    const table = database.newTable();
    const store = await database.createStore({ table, timeout: 20_000 });
    const managers = workers.map((worker) => worker.of(database.url, table));
    return {
      table,
      here: createSessionManager(store, { storeTimeout: 20_000 }),
      at(number) {
        const manager = managers[number % managers.length];
        if (manager === undefined) throw new Error("There are four workers.");
        return manager;
      },
    };
  }

  const rowsOf = async (table: string): Promise<number> =>
    Number((await database.query(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n);

  test("G1: 200 rounds of updates and touches racing a destroy: 0 sessions come back", async () => {
    const { at, table } = await setUp();
    let alive = 0;
    await inParallel(200, 16, async (round) => {
      const { id } = await at(round).create({ userId: `u${round % 10}` });
      await Promise.all([
        at(round + 1).update(id, { b: 1 }),
        at(round + 2).destroy(id),
        at(round + 3).touch(id),
        at(round).update(id, { a: 1 }),
      ]);
      if ((await at(round).get(id)) !== null) alive++;
    });
    expect(alive).toBe(0);
    expect(await rowsOf(table)).toBe(0);
  });

  test("G1: 150 rounds of two regenerates: 0 times both new ids live", async () => {
    const { at, table } = await setUp();
    let doubles = 0;
    await inParallel(150, 16, async (round) => {
      const { id } = await at(round).create({ round, userId: `u${round % 5}` });
      const both = await Promise.all([at(round).regenerate(id), at(round + 1).regenerate(id)]);
      const found = await Promise.all(
        [id, ...both.map((one) => one?.id ?? "")].map((one) => at(round).get(one)),
      );
      if (found.filter((one) => one !== null).length !== 1) doubles++;
    });
    expect(doubles).toBe(0);
    expect(await rowsOf(table)).toBe(150);
  });

  test("G2: 16 writers with 15 merges of different keys each: 240 of 240 kept", async () => {
    const { here, at } = await setUp();
    const { id, expiresAt } = await here.create();
    async function write(_: unknown, writer: number): Promise<void> {
      for (let round = 0; round < 15; round++) await at(writer).update(id, { [`${writer}/${round}`]: round });
    }
    await Promise.all(Array.from({ length: 16 }, write));
    const kept = await here.get(id);
    expect(Object.keys(kept?.data ?? {}).length).toBe(240);
    expect(kept?.expiresAt).toBe(expiresAt);
  });

  test("G5: 120 rounds of destroyByUser racing chains of regenerates: 0 survive, each is counted once", async () => {
    const { at, table } = await setUp();
    let survivors = 0;
    const counts: number[] = [];
    await inParallel(120, 12, async (round) => {
      const userId = `u${round}`;
      const made = await Promise.all([at(round).create({ userId }), at(round + 1).create({ userId })]);
      const ids = new Set(made.map(({ id }) => id));
      async function chain(sessions: RemoteManager, first: string): Promise<void> {
        let current: string | undefined = first;
        for (let link = 0; link < 6 && current !== undefined; link++) {
          current = (await sessions.regenerate(current))?.id;
          if (current !== undefined) ids.add(current);
        }
      }
      const [first, second] = made;
      const [count] = await Promise.all([
        at(round + 3).destroyByUser(userId),
        chain(at(round), first.id),
        chain(at(round + 2), second.id),
      ]);
      const found = await Promise.all([...ids].map((id) => at(round + 1).get(id)));
      survivors += found.filter((session) => session !== null).length;
      counts.push(count);
    });
    expect(survivors).toBe(0);
    expect(counts).toEqual(counts.map(() => 2));
    expect(await rowsOf(table)).toBe(0);
  });

  test("G5: 100 rounds of sessions that change hands while both users sign out everywhere: each is dead or found", async () => {
    const { at, table } = await setUp();
    await inParallel(100, 12, async (round) => {
      const [one, other] = [`a${round}`, `b${round}`];
      const { id } = await at(round).create({ userId: one });
      const [, , gone, goneToo] = await Promise.all([
        at(round).update(id, { userId: other }),
        at(round + 1).merge(id, { kept: true }),
        at(round + 2).destroyByUser(one),
        at(round + 3).destroyByUser(other),
      ]);
      // It may have come to a user just after that one's call: then it is found by the next.
      const late = await Promise.all([at(round).destroyByUser(one), at(round + 1).destroyByUser(other)]);
      expect([gone, goneToo, ...late].reduce((sum, count) => sum + count)).toBe(1);
      expect(await at(round).get(id)).toBeNull();
    });
    expect(await rowsOf(table)).toBe(0);
  });
});
