import { describe, expect, test } from "bun:test";
import { createFourMethodStore, createTestClock } from "@ventostack/testing";
import { createMemorySessionStore, createSessionManager, SessionError, type SessionStore } from "../index.ts";
import { createMemory, fixture, storeKinds, turnOfTheLoop } from "./fixtures.test-kit.ts";

describe.each(storeKinds)("G2 no lost updates: %s", (_, create) => {
  test("64 writers with 25 merges of different keys each: 1600 of 1600 kept", async () => {
    const { sessions } = fixture(create, { storeTimeout: 60_000 });
    const { id } = await sessions.create();
    const writer = async (name: number): Promise<void> => {
      for (let round = 0; round < 25; round++) await sessions.update(id, { [`${name}/${round}`]: round });
    };
    await Promise.all(Array.from({ length: 64 }, (__, name) => writer(name)));
    const kept = await sessions.get(id);
    expect(Object.keys(kept?.data ?? {}).length).toBe(1600);
  });

  test("undefined removes a key, null is a value, nested objects are replaced whole", async () => {
    const { sessions } = fixture(create);
    const { id } = await sessions.create({ a: 1, b: { c: 1, d: 2 }, e: 1 });
    await sessions.update(id, { a: undefined, b: { c: 3 }, e: null });
    expect((await sessions.get(id))?.data).toEqual({ b: { c: 3 }, e: null });
  });

  test("an update that changes what another one removes leaves one of both results, never a mixture", async () => {
    const { sessions } = fixture(create);
    const { id } = await sessions.create({ a: 1, kept: true });
    await Promise.all([sessions.update(id, { a: undefined, x: 1 }), sessions.update(id, { a: 2, y: 1 })]);
    const data = (await sessions.get(id))?.data;
    expect(data).toMatchObject({ kept: true, x: 1, y: 1 });
    expect([undefined, 2]).toContain(data?.a as undefined | number);
  });
});

describe("G2 no lost updates: between managers, as between processes", () => {
  test("an update that was overtaken between its read and its write merges again", async () => {
    const { sessions, another, gated } = fixture(createMemory);
    const { id } = await sessions.create({ start: true });
    const held = gated.holdBefore("replace");
    const first = sessions.merge(id, { first: 1 });
    await held.reached;
    await another().update(id, { second: 2 });
    held.release();
    expect((await first)?.data).toEqual({ start: true, first: 1, second: 2 });
    expect((await sessions.get(id))?.data).toEqual({ start: true, first: 1, second: 2 });
  });

  test("an update that landed between a regenerate's read and its write is in the regenerated session", async () => {
    const { sessions, another, gated } = fixture(createMemory);
    const { id } = await sessions.create({ start: true });
    const held = gated.holdBefore("replace");
    const regenerating = sessions.regenerate(id, { role: "admin" });
    await held.reached;
    await another().update(id, { between: 1 });
    held.release();
    expect((await regenerating)?.data).toEqual({ start: true, between: 1, role: "admin" });
    expect(await sessions.get(id)).toBeNull();
  });

  test("one who never gets a chance is told CONFLICT, and nothing was written", async () => {
    const clock = createTestClock();
    const memory = createMemory(clock);
    const sessions = createSessionManager({ ...memory, replace: () => "changed" }, { clock });
    const { id } = await sessions.create({ a: 1 });
    const error = await sessions.update(id, { a: 2 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({ code: "CONFLICT" });
    expect((await sessions.get(id))?.data).toEqual({ a: 1 });
  });

  test("four methods keep updates apart within one manager, which is all that they can carry", async () => {
    const { sessions, another, gated } = fixture(createFourMethodStore);
    const { id } = await sessions.create({ start: true });
    const held = gated.holdBefore("set");
    const first = sessions.update(id, { first: 1 });
    await held.reached;
    const second = sessions.update(id, { second: 2 });
    held.release();
    await Promise.all([first, second]);
    expect((await another().get(id))?.data).toEqual({ start: true, first: 1, second: 2 });
  });
});

test("G2 no lost updates: writers that meet again and again all get through", async () => {
  const clock = createTestClock();
  const memory = createMemorySessionStore({ clock });
  // A turn of the loop per trip, as over a network: with less a second try runs undisturbed, and nobody meets twice.
  const store: SessionStore = {
    ...memory,
    async load(key) {
      const found = memory.load(key);
      await turnOfTheLoop();
      return found;
    },
    async replace(...args) {
      await turnOfTheLoop();
      return memory.replace(...args);
    },
  };
  const sessions = createSessionManager(store, { clock });
  const { id } = await sessions.create();
  await Promise.all(Array.from({ length: 64 }, (_, name) => sessions.update(id, { [name]: 1 })));
  expect(Object.keys((await sessions.get(id))?.data ?? {}).length).toBe(64);
});
