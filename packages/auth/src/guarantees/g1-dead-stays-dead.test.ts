import { describe, expect, test } from "bun:test";
import { createMemory, fixture, storeKinds } from "./fixtures.test-kit.ts";

/** The step between reading and writing of a change, on either kind of store. */
const readStep = { memory: "load", "four methods": "get" } as const;

describe.each(storeKinds)("G1 dead stays dead: %s", (kind, create) => {
  const read = readStep[kind as keyof typeof readStep];

  test("[SEC-07] an update that has read the session before it was destroyed does not write it back", async () => {
    const { sessions, gated } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" });
    const held = gated.holdAfter(read);
    const updating = sessions.merge(id, { late: true });
    await held.reached;
    const destroying = sessions.destroy(id);
    held.release();
    await Promise.all([updating, destroying]);
    expect(await sessions.get(id)).toBeNull();
    expect(await sessions.merge(id, { later: true })).toBeNull();
    expect(await sessions.get(id)).toBeNull();
  });

  test("[SEC-07] touch, refresh, update and regenerate bring nothing back", async () => {
    const { sessions } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" });
    await sessions.destroy(id);
    await sessions.touch(id);
    await sessions.update(id, { again: true });
    expect(await sessions.refresh(id)).toBeNull();
    expect(await sessions.refreshIfDue(id)).toBeNull();
    expect(await sessions.regenerate(id)).toBeNull();
    expect(await sessions.get(id)).toBeNull();
  });

  test("a touch held up across the destroy brings nothing back", async () => {
    const { sessions, gated } = fixture(create);
    const { id } = await sessions.create();
    const held = gated.holdBefore(kind === "memory" ? "refresh" : "touch");
    const touching = sessions.touch(id);
    await held.reached;
    const destroying = sessions.destroy(id);
    held.release();
    await Promise.all([touching, destroying]);
    expect(await sessions.get(id)).toBeNull();
  });

  test("a regenerate that lost against a destroy gives no session and leaves none", async () => {
    const { sessions, gated } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" });
    const destroyed = sessions.destroy(id);
    const regenerated = await sessions.regenerate(id);
    await destroyed;
    expect(regenerated).toBeNull();
    const written = gated.calls.filter(([method]) => method === "set" || method === "insert");
    expect(written.length).toBe(1);
  });

  test("after a regenerate the old id is dead", async () => {
    const { sessions } = fixture(create);
    const { id } = await sessions.create({ cart: 1 });
    const regenerated = await sessions.regenerate(id);
    expect(regenerated?.data).toEqual({ cart: 1 });
    expect(await sessions.get(id)).toBeNull();
    await sessions.update(id, { back: true });
    expect(await sessions.get(id)).toBeNull();
  });

  test("[SEC-05] of 50 regenerates at once one gets a session [ASVS 7.2.4]", async () => {
    const { sessions } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" });
    const results = await Promise.all(Array.from({ length: 50 }, () => sessions.regenerate(id)));
    const winners = results.filter((session) => session !== null);
    expect(winners.length).toBe(1);
    expect(await sessions.get(winners[0]?.id ?? "")).not.toBeNull();
  });

  test("1000 updates racing destroys resurrect nothing", async () => {
    const { sessions } = fixture(create);
    let alive = 0;
    for (let round = 0; round < 1000; round++) {
      const { id } = await sessions.create({ round });
      const updates = [sessions.update(id, { a: 1 }), sessions.update(id, { b: 2 })];
      const destroyed = sessions.destroy(id);
      await Promise.all([...updates, destroyed, sessions.touch(id)]);
      if ((await sessions.get(id)) !== null) alive++;
    }
    expect(alive).toBe(0);
  });
});

describe("G1 dead stays dead: between managers, as between processes", () => {
  test("an update held between its read and its write does not survive another manager's destroy", async () => {
    const { sessions, another, gated } = fixture(createMemory);
    const { id } = await sessions.create({ userId: "u1" });
    const held = gated.holdBefore("replace");
    const updating = sessions.merge(id, { late: true });
    await held.reached;
    await another().destroy(id);
    held.release();
    expect(await updating).toBeNull();
    expect(await sessions.get(id)).toBeNull();
    expect(await sessions.listByUser("u1")).toEqual([]);
  });

  test("a regenerate held before its write does not survive another manager's destroyByUser", async () => {
    const { sessions, another, gated } = fixture(createMemory);
    const { id } = await sessions.create({ userId: "u1" });
    const held = gated.holdBefore("replace");
    const regenerating = sessions.regenerate(id);
    await held.reached;
    expect(await another().destroyByUser("u1")).toBe(1);
    held.release();
    expect(await regenerating).toBeNull();
    expect(await sessions.listByUser("u1")).toEqual([]);
  });

  test("[SEC-07] a session destroyed and made anew under the same key is not the one that was read before (ABA)", async () => {
    const { sessions, gated } = fixture(createMemory, { random: (bytes) => bytes.fill(7) });
    const { id } = await sessions.create({ life: 1 });
    const held = gated.holdBefore("replace");
    const updating = sessions.merge(id, { late: true });
    await held.reached;
    await sessions.destroy(id);
    await sessions.create({ life: 2 });
    held.release();
    await updating;
    expect((await sessions.get(id))?.data.life).toBe(2);
  });
});
