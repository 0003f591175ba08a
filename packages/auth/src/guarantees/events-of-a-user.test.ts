import { describe, expect, test } from "bun:test";
import { createSessionManager, type SessionEvent } from "../index.ts";
import { outcomeOf } from "./fixtures.test-kit.ts";
import { kinds, unknownId, watch } from "./watch.test-kit.ts";

const byUserKinds = kinds.filter(([name]) => name !== "four methods");

describe.each(byUserKinds)("the sessions of a user: %s", (name, create) => {
  const count = (events: readonly SessionEvent[]): string[] =>
    events.map(({ type, handle = "-", userId, reason = "" }) => `${type} ${handle} ${userId} ${reason}`);

  test("that log-out-everywhere ends are told, each once, and no other", async () => {
    const { sessions, told } = watch(create);
    const [kept, ...ended] = [1, 2, 3].map(() => sessions.create({ userId: "u1" }));
    const { id: except } = await (kept as NonNullable<typeof kept>);
    const ids = (await Promise.all(ended)).map(({ id }) => sessions.handleOf(id));
    await sessions.create({ userId: "u2" });
    told();
    expect(await sessions.destroyByUser("u1", { except })).toBe(2);
    const handles = name.startsWith("a store that does not tell") ? ["-", "-"] : ids;
    expect(count(told()).toSorted()).toEqual(
      handles.map((handle) => `destroyed ${handle} u1 by-user`).toSorted(),
    );
    expect(await sessions.destroyByUser("u1", { except })).toBe(0);
    expect(told()).toEqual([]);
  });

  test("of which one is ended by its handle: of two callers one is told that there was one", async () => {
    const { sessions, told } = watch(create);
    const { id } = await sessions.create({ userId: "u1" });
    const handle = sessions.handleOf(id);
    told();
    if (name === "memory") {
      const both = [sessions.destroyByHandle("u1", handle), sessions.destroyByHandle("u1", handle)];
      expect((await Promise.all(both)).toSorted()).toEqual([false, true]);
    } else {
      expect(await sessions.destroyByHandle("u1", handle)).toBe(true);
    }
    expect(await sessions.destroyByHandle("u1", handle)).toBe(false);
    expect(await sessions.destroyByHandle("u1", unknownId)).toBe(false);
    expect(count(told())).toEqual([`destroyed ${handle} u1 by-handle`]);
  });

  test("that go for a new one, as maxPerUser has it", async () => {
    const { sessions, told } = watch(create, { maxPerUser: 1 });
    const first = sessions.handleOf((await sessions.create({ userId: "u1" })).id);
    told();
    const second = sessions.handleOf((await sessions.create({ userId: "u1" })).id);
    expect(count(told())).toEqual([
      `created ${second} u1 `,
      `limit ${first} u1 evict-oldest`,
      `destroyed ${first} u1 limit`,
    ]);
  });

  test("that are refused, as maxPerUser has it", async () => {
    const { sessions, told } = watch(create, { maxPerUser: 1, onLimit: "reject" });
    await sessions.create({ userId: "u1" });
    told();
    await outcomeOf(sessions.create({ userId: "u1" }));
    expect(count(told())).toEqual(["limit - u1 reject"]);
  });

  test("of a store that fails", async () => {
    const { gated, told, clock } = watch(create);
    const events: SessionEvent[] = [];
    const down = () => Promise.reject(new Error("down"));
    const failing = createSessionManager(
      { ...gated.store, listByUser: down },
      { clock, onEvent: (event) => events.push(event) },
    );
    await outcomeOf(failing.listByUser("u1"));
    expect(events).toEqual([
      { type: "store-failure", at: clock(), userId: "u1", reason: "STORE_UNAVAILABLE in listByUser" },
    ]);
    expect(told()).toEqual([]);
  });
});
