import { describe, expect, test } from "bun:test";
import {
  createMemorySessionStore,
  createMigratingStore,
  createSessionManager,
  type SessionManager,
  type SessionStore,
} from "@ventostack/auth";
import { createFourMethodStore, createTestClock, gate } from "@ventostack/testing";

const TTL = 1000;

function createMove(former?: (clock: () => number) => SessionStore) {
  const clock = createTestClock();
  const from = former?.(clock) ?? createMemorySessionStore({ clock });
  const to = createMemorySessionStore({ clock });
  const options = { clock, ttl: TTL };
  const before = createSessionManager(from, options);
  const after = createSessionManager(to, options);
  /** As every process of the application has one. */
  const moving = (wrap: (store: SessionStore) => SessionStore = (store) => store): SessionManager =>
    createSessionManager(createMigratingStore({ from: wrap(from), to: wrap(to), clock }), options);
  return { clock, from, to, before, after, moving };
}

const stores: [name: string, former?: (clock: () => number) => SessionStore][] = [
  ["a store with every method"],
  ["a store of four methods", createFourMethodStore],
];

describe.each(stores)("moving away from %s", (_name, former) => {
  test("a session from before is read where it is, and moves when it is changed or extended", async () => {
    const { clock, before, after, moving } = createMove(former);
    const manager = moving();
    const [updated, extended, moved] = await Promise.all(
      ["u1", "u2", "u3"].map((userId) => before.create({ userId })),
    );
    if (!updated || !extended || !moved) throw new Error("Three sessions were expected.");
    clock.advance(400_000);

    expect((await manager.get(updated.id))?.data).toEqual({ userId: "u1" });
    expect(await after.get(updated.id)).toBeNull();

    await manager.update(updated.id, { theme: "dark" });
    await manager.touch(extended.id);
    const regenerated = await manager.regenerate(moved.id);
    for (const { id } of [updated, extended, moved]) expect(await before.get(id)).toBeNull();
    expect((await after.get(updated.id))?.data).toEqual({ userId: "u1", theme: "dark" });
    expect((await after.get(updated.id))?.expiresAt).toBe(updated.expiresAt);
    expect((await after.get(extended.id))?.expiresAt).toBe(clock() + TTL * 1000);
    expect((await after.get(regenerated?.id ?? ""))?.data).toEqual({ userId: "u3" });
    expect(await manager.get(moved.id)).toBeNull();
  });

  test("new sessions are made in the new store alone", async () => {
    const { before, after, moving } = createMove(former);
    const { id } = await moving().create({ userId: "u1" });
    expect([await before.get(id), (await after.get(id))?.id]).toEqual([null, id]);
  });

  test("log-out ends a session wherever it is (G1)", async () => {
    const { before, moving } = createMove(former);
    const manager = moving();
    const { id } = await before.create({ userId: "u1" });
    await manager.destroy(id);
    expect([await before.get(id), await manager.get(id)]).toEqual([null, null]);
  });

  test("50 updates at once, which all move the session, all survive (G2)", async () => {
    const { before, moving } = createMove(former);
    const { id } = await before.create({ userId: "u1" });
    const managers = [moving((store) => gate(store).store), moving((store) => gate(store).store)];
    await Promise.all(
      Array.from({ length: 50 }, (_, key) => managers[key % 2]?.update(id, { [`key${key}`]: key })),
    );
    expect(Object.keys((await moving().get(id))?.data ?? {}).length).toBe(51);
  });
});

/** Counts the calls of both stores, and holds one of them. */
function createSteps(heldStep: number) {
  let step = 0;
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const wrap = (store: SessionStore): SessionStore => {
    const wrapped: Record<string, unknown> = { ...store };
    for (const [method, call] of Object.entries(store)) {
      if (typeof call !== "function") continue;
      wrapped[method] = async (...args: unknown[]) => {
        if (step++ === heldStep) {
          reached.resolve();
          await released.promise;
        }
        return call(...args);
      };
    }
    return wrapped as unknown as SessionStore;
  };
  return { wrap, reached: reached.promise, release: released.resolve, count: () => step };
}

describe("a session that ends while it is being moved stays ended (G1, G5)", () => {
  const endings: [string, (manager: SessionManager, id: string) => Promise<unknown>][] = [
    ["destroy", (manager, id) => manager.destroy(id)],
    ["destroyByUser", (manager) => manager.destroyByUser("u1")],
    ["destroyByHandle", (manager, id) => manager.destroyByHandle("u1", manager.handleOf(id))],
    ["regenerate", (manager, id) => manager.regenerate(id)],
  ];
  const writes: [string, (manager: SessionManager, id: string) => Promise<unknown>][] = [
    ["update", (manager, id) => manager.update(id, { late: true })],
    ["touch", (manager, id) => manager.touch(id)],
    ["regenerate", (manager, id) => manager.regenerate(id)],
  ];

  for (const [ending, end] of endings) {
    test.each(writes)(`${ending}, at each step of a move by %s`, async (_write, write) => {
      let steps = Number.POSITIVE_INFINITY;
      let tried = 0;
      for (let held = 0; held < steps; held++) {
        const { before, moving } = createMove();
        const { id } = await before.create({ userId: "u1" });
        const { wrap, reached, release, count } = createSteps(held);
        const slow = write(moving(wrap), id);
        const passed = await Promise.race([reached.then(() => false), slow.then(() => true)]);
        if (passed) {
          steps = count();
          break;
        }
        // While another process holds the mark of the move, a new id waits for it: that is let go on in the end.
        const ended = end(moving(), id);
        if (ending === "regenerate") release();
        await ended;
        expect([held, await moving().get(id)]).toEqual([held, null]);
        release();
        await slow;
        expect([held, await moving().get(id), await before.get(id)]).toEqual([held, null, null]);
        tried++;
      }
      expect(tried).toBeGreaterThanOrEqual(7);
    });
  }

  test.each(endings.slice(0, 2))(
    "%s, itself held at each of its steps while another moves",
    async (_, end) => {
      for (let held = 0; held < 2; held++) {
        const { before, moving } = createMove();
        const { id } = await before.create({ userId: "u1" });
        const { wrap, reached, release } = createSteps(held);
        const slow = end(moving(wrap), id);
        await reached;
        await moving().update(id, { late: true });
        release();
        await slow;
        expect([held, await moving().get(id), await before.get(id)]).toEqual([held, null, null]);
      }
    },
  );

  test("at each step of a move the session can be read", async () => {
    for (let held = 0; ; held++) {
      const { before, moving } = createMove();
      const { id } = await before.create({ userId: "u1" });
      const { wrap, reached, release, count } = createSteps(held);
      const slow = moving(wrap).update(id, { late: true });
      const passed = await Promise.race([reached.then(() => false), slow.then(() => true)]);
      if (passed) {
        expect(count()).toBeGreaterThanOrEqual(7);
        break;
      }
      expect([held, (await moving().get(id))?.data.userId]).toEqual([held, "u1"]);
      expect([held, (await moving().listByUser("u1")).length]).toEqual([held, 1]);
      release();
      await slow;
    }
  });
});

test("a process that dies in the middle of a move costs nobody the session", async () => {
  for (let held = 2; held < 8; held++) {
    const { before, after, clock, moving } = createMove();
    const { id } = await before.create({ userId: "u1" });
    const { wrap, reached } = createSteps(held);
    moving(wrap)
      .update(id, { late: true })
      .catch(() => undefined);
    await reached;
    clock.advance(10_000);
    expect([held, (await moving().get(id))?.data.userId]).toEqual([held, "u1"]);
    await moving().update(id, { later: true });
    expect([held, (await after.get(id))?.data]).toEqual([
      held,
      expect.objectContaining({ userId: "u1", later: true }),
    ]);
    await moving().destroy(id);
    expect([held, await moving().get(id), await before.get(id)]).toEqual([held, null, null]);
  }
});

test("a user's sessions in both stores are listed and ended together, each counted once (G5)", async () => {
  const { before, moving } = createMove();
  const manager = moving();
  const { id: own } = await before.create({ userId: "u1" });
  await before.create({ userId: "u1" });
  await manager.create({ userId: "u1" });
  await before.create({ userId: "u2" });
  await manager.touch(own);
  expect((await manager.listByUser("u1")).length).toBe(3);
  expect(await manager.destroyByUser("u1", { except: own })).toBe(2);
  expect((await manager.get(own))?.id).toBe(own);
  expect(await manager.destroyByUser("u1")).toBe(1);
  expect((await manager.listByUser("u2")).length).toBe(1);
});

test("keys may begin differently in the two stores", async () => {
  const clock = createTestClock();
  const from = createMemorySessionStore({ clock });
  const to = { ...createMemorySessionStore({ clock }), keyPrefix: "app:" };
  const { id } = await createSessionManager(from, { clock }).create({ userId: "u1" });
  const manager = createSessionManager(createMigratingStore({ from, to, clock }), { clock });
  expect((await manager.listByUser("u1")).map(({ handle }) => handle)).toEqual([manager.handleOf(id)]);
  await manager.touch(id);
  expect((await createSessionManager(to, { clock }).get(id))?.data).toEqual({ userId: "u1" });
  expect(await manager.destroyByUser("u1")).toBe(1);
});

test("a store that cannot take part is refused, by the option's name", () => {
  const clock = createTestClock();
  const from = createMemorySessionStore();
  expect(() => createMigratingStore({ from, to: createFourMethodStore(clock) })).toThrow("option to");
  expect(() => createMigratingStore({ from: {} as SessionStore, to: from })).toThrow("option from");
});
