import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createFourMethodStore } from "@ventostack/testing";
import { createSessionManager, SESSION_CHANNEL, type SessionEvent } from "../index.ts";
import {
  createMemory,
  createThreeFieldStore,
  fixture,
  outcomeOf,
  turnOfTheLoop,
} from "./fixtures.test-kit.ts";
import { kinds, unknownId, watch } from "./watch.test-kit.ts";

describe.each(kinds)("each happening is told once: %s", (_, create) => {
  test("the life of a session", async () => {
    const { sessions, told, clock } = watch(create);
    const { id } = await sessions.create({ userId: "u1" });
    const event = { handle: sessions.handleOf(id), userId: "u1", at: clock() };
    expect(told()).toEqual([{ type: "created", ...event }]);
    await sessions.get(id);
    await sessions.touch(id);
    await sessions.refresh(id);
    await sessions.refreshIfDue(id);
    expect(told()).toEqual([]);
    await sessions.update(id, { a: 1 });
    await sessions.merge(id, { a: 2 });
    await sessions.setDevice(id, { label: "phone" });
    expect(told()).toEqual(Array.from({ length: 3 }, () => ({ type: "updated", ...event })));
    const moved = await sessions.regenerate(id);
    const handle = sessions.handleOf(moved?.id ?? "");
    expect(told()).toEqual([{ type: "regenerated", ...event, handle, reason: `replaces ${event.handle}` }]);
    await sessions.destroy(moved?.id ?? "");
    expect(told()).toEqual([{ type: "destroyed", ...event, handle, reason: "destroy" }]);
    await sessions.destroy(moved?.id ?? "");
    await sessions.destroy(unknownId);
    expect(told()).toEqual([]);
  });

  test("an id that opens nothing", async () => {
    const { sessions, told, clock } = watch(create, { absoluteTtl: 1e6 });
    for (const id of [unknownId, "no id", ""]) {
      for (const call of [
        () => sessions.get(id),
        () => sessions.merge(id, {}),
        () => sessions.setDevice(id, {}),
        () => sessions.touch(id),
        () => sessions.refresh(id),
        () => sessions.refreshIfDue(id),
        () => sessions.regenerate(id),
      ]) {
        await call();
        expect(told()).toEqual([
          id === unknownId
            ? { type: "denied", at: clock(), handle: sessions.handleOf(id), reason: "unknown" }
            : { type: "denied", at: clock(), reason: "malformed" },
        ]);
      }
    }
  });

  test("a record that is met past its end", async () => {
    const { sessions, told, clock, gated } = watch(create);
    const { id } = await sessions.create({ userId: "u1" });
    told();
    // A store whose clock is behind: it still gives what has ended by ours.
    const late = createSessionManager(gated.store, {
      clock: () => clock() + 3_600_000,
      onEvent: (event) => events.push(event),
    });
    const events: SessionEvent[] = [];
    for (const call of [() => late.get(id), () => late.refresh(id), () => late.merge(id, {})]) {
      expect(await call()).toBeNull();
      const expired = {
        type: "expired",
        at: clock() + 3_600_000,
        handle: sessions.handleOf(id),
        userId: "u1",
      };
      expect(events.splice(0)).toEqual([expired as SessionEvent]);
    }
  });

  test("a failure of the store, with its code and where", async () => {
    const { sessions, clock, gated } = watch(create);
    const { id } = await sessions.create({ userId: "u1" });
    const events: SessionEvent[] = [];
    const down = () => Promise.reject(new Error(`down ${id}`));
    const failing = createSessionManager(
      { ...gated.store, get: down, set: down, ...(gated.store.load && { load: down, insert: down }) },
      { clock, onEvent: (event) => events.push(event) },
    );
    const [read, written] = gated.store.load ? ["load", "insert"] : ["get", "set"];
    expect(await outcomeOf(failing.get(id))).toMatchObject({ code: "STORE_UNAVAILABLE" });
    const event = { type: "store-failure", at: clock(), handle: sessions.handleOf(id) } as const;
    expect(events.splice(0)).toEqual([{ ...event, reason: `STORE_UNAVAILABLE in ${read}` }]);
    await outcomeOf(failing.merge(id, {}));
    const changing = gated.store.replace ? read : "get";
    expect(events.splice(0)).toEqual([{ ...event, reason: `STORE_UNAVAILABLE in ${changing}` }]);
    await outcomeOf(failing.create());
    expect(events).toMatchObject([{ type: "store-failure", reason: `STORE_UNAVAILABLE in ${written}` }]);
  });

  test("a record that cannot be read", async () => {
    const { sessions, clock, gated } = watch(create);
    const { id } = await sessions.create({ userId: "u1" });
    const events: SessionEvent[] = [];
    const spoil = async () => ({ id: "", data: [], expiresAt: clock() + 1, version: 1 }) as never;
    const spoilt = createSessionManager(
      { ...gated.store, get: spoil, ...(gated.store.load && { load: spoil }) },
      { clock, onEvent: (event) => events.push(event) },
    );
    expect(await outcomeOf(spoilt.get(id))).toMatchObject({ code: "CORRUPT_RECORD" });
    expect(events).toMatchObject(
      [
        { type: "store-failure", handle: sessions.handleOf(id), reason: /^CORRUPT_RECORD in (get|load)$/ },
      ].map(({ reason, ...rest }) => ({ ...rest, reason: expect.stringMatching(reason) })),
    );
  });

  test("nobody's listening costs no call of the store: to destroy is one", async () => {
    const { gated, clock } = fixture(create);
    const sessions = createSessionManager(gated.store, { clock });
    const { id } = await sessions.create({ userId: "u1" });
    gated.calls.length = 0;
    await sessions.destroy(id);
    expect(gated.calls.map(([method]) => method)).toEqual(["delete"]);
  });

  test("[SEC-09] no event holds an id, and each is JSON", async () => {
    const { sessions, told } = watch(create);
    const { id } = await sessions.create({ userId: "u1" });
    const moved = await sessions.regenerate(id, { a: 1 });
    await sessions.get(id);
    await sessions.destroy(moved?.id ?? "");
    const events = told();
    expect(events.length).toBe(4);
    const text = JSON.stringify(events);
    for (const secret of [id, moved?.id ?? "missing", "session:"]) expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toEqual(events);
  });
});

test("an update whose session ends before it is written is told as denied", async () => {
  const { sessions, another, gated, told } = watch(createMemory);
  const { id } = await sessions.create();
  told();
  const held = gated.holdBefore("replace");
  const updating = sessions.update(id, { a: 1 });
  await held.reached;
  await another({ onEvent: () => {} }).destroy(id);
  held.release();
  await updating;
  expect(told()).toMatchObject([{ type: "denied", reason: "unknown" }]);
});

test("a store that fails after its time is told once, as too late", async () => {
  const late = Promise.withResolvers<never>();
  const events: SessionEvent[] = [];
  const sessions = createSessionManager(
    { ...createMemory(Date.now), load: () => late.promise },
    { storeTimeout: 1, onEvent: (event) => events.push(event) },
  );
  expect(await outcomeOf(sessions.get(unknownId))).toMatchObject({ code: "STORE_TIMEOUT" });
  late.reject(new Error("reset"));
  await turnOfTheLoop();
  expect(events.map(({ reason }) => reason)).toEqual(["STORE_TIMEOUT in load"]);
});

test("one of several calls that end a session at once is told", async () => {
  const { sessions, told } = watch(createMemory);
  const { id } = await sessions.create();
  told();
  await Promise.all(Array.from({ length: 9 }, () => sessions.destroy(id)));
  expect(told()).toMatchObject([{ type: "destroyed", reason: "destroy" }]);
});

test("a session without a user, and one of a store that keeps no user, have none in their events", async () => {
  const anonymous = watch(createMemory);
  await anonymous.sessions.create();
  expect(anonymous.told()[0]).not.toHaveProperty("userId");
  const { sessions, told } = watch(createThreeFieldStore);
  const { id } = await sessions.create({ userId: "u1" });
  await sessions.destroy(id);
  const handle = sessions.handleOf(id);
  expect(told()).toMatchObject([{ userId: "u1" }, { type: "destroyed", handle }]);
});

test("a record that cannot be read is destroyed all the same, on a store that has to be asked first", async () => {
  const { gated, clock, sessions } = fixture(createFourMethodStore);
  const { id } = await sessions.create();
  const spoilt = { ...gated.store, get: async () => ({ id: "", data: [], expiresAt: clock() + 1 }) as never };
  const events: SessionEvent[] = [];
  await createSessionManager(spoilt, { clock, onEvent: (event) => events.push(event) }).destroy(id);
  expect(await gated.store.get(`session:${sessions.handleOf(id)}`)).toBeNull();
  expect(events.map(({ reason }) => reason)).toEqual(["CORRUPT_RECORD in get"]);
});

describe("who is told", () => {
  const heard: SessionEvent[] = [];
  const subscriber = (message: unknown): void => void heard.push(message as SessionEvent);
  afterEach(() => {
    unsubscribe(SESSION_CHANNEL, subscriber);
    heard.length = 0;
  });

  test("whoever subscribes to the channel, for as long as they do, of every manager", async () => {
    const { sessions, another } = fixture(createMemory);
    const { id } = await sessions.create();
    subscribe("ventostack:session", subscriber);
    await sessions.update(id, { a: 1 });
    await another().destroy(id);
    unsubscribe("ventostack:session", subscriber);
    await sessions.create();
    expect(heard.map(({ type }) => type)).toEqual(["updated", "destroyed"]);
  });

  test("a listener that throws breaks no call, and is reported", async () => {
    const consoleError = spyOn(console, "error").mockImplementation(() => {});
    try {
      const { sessions } = fixture(createMemory, {
        onEvent() {
          throw new Error("full disk");
        },
      });
      const { id } = await sessions.create();
      await sessions.destroy(id);
      expect(await sessions.get(id)).toBeNull();
      expect(consoleError.mock.calls.map(([message]) => message)).toEqual(
        Array.from({ length: 3 }, () => "[session] onEvent threw"),
      );
    } finally {
      consoleError.mockRestore();
    }
  });
});
