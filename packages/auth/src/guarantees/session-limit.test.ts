import { describe, expect, spyOn, test } from "bun:test";
import { createFourMethodStore, createTestClock } from "@ventostack/testing";
import {
  createMemorySessionStore,
  createSessionManager,
  type SessionEvent,
  type SessionManager,
  type SessionOptions,
} from "../index.ts";
import {
  createMemory,
  createWithoutReplace,
  fixture,
  outcomeOf,
  turnOfTheLoop,
} from "./fixtures.test-kit.ts";

const limitReached = expect.objectContaining({ code: "LIMIT_REACHED" });

async function liveOf(sessions: SessionManager, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => sessions.get(id)));
  return ids.filter((_, at) => found[at] !== null);
}

async function signIn(sessions: SessionManager, count: number, userId = "u1"): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await sessions.create({ userId })).id);
  return ids;
}

describe.each([
  ["memory", createMemory],
  ["a store without replace", createWithoutReplace],
] as const)("maxPerUser, the oldest goes: %s", (_, create) => {
  const limited = (options: SessionOptions = {}) => fixture(create, { maxPerUser: 3, ...options });

  test("a log-in beyond the limit ends the session that joined first, of that user only", async () => {
    const { sessions } = limited();
    const others = await signIn(sessions, 3, "u2");
    const ids = await signIn(sessions, 5);
    const anonymous = (await sessions.create()).id;
    expect(await liveOf(sessions, [...ids, ...others, anonymous])).toEqual([
      ...ids.slice(2),
      ...others,
      anonymous,
    ]);
  });

  test("an id that changes makes a session the youngest", async () => {
    const { sessions } = limited();
    const [first = "", second = "", third = ""] = await signIn(sessions, 3);
    const moved = await sessions.regenerate(first);
    const fourth = await sessions.create({ userId: "u1" });
    const ids = [second, third, moved?.id ?? "", fourth.id];
    expect(await liveOf(sessions, ids)).toEqual(ids.slice(1));
  });

  test.each(["update", "regenerate"] as const)("a log-in by %s counts as one", async (by) => {
    const { sessions } = limited();
    const ids = await signIn(sessions, 3);
    const { id } = await sessions.create({ cart: 1 });
    const regenerated = await sessions[by](id, { userId: "u1" });
    const now = by === "regenerate" ? (regenerated?.id ?? "") : id;
    expect(await liveOf(sessions, [...ids, now])).toEqual([...ids.slice(1), now]);
  });

  test("[SEC-08] 50 log-ins at once leave exactly the limit, and those that joined last", async () => {
    const { another, sessions } = limited();
    const managers = Array.from({ length: 4 }, () => another());
    await Promise.all(Array.from({ length: 50 }, (_unused, n) => managers[n % 4]?.create({ userId: "u1" })));
    expect(await sessions.listByUser("u1")).toHaveLength(3);
  });

  test("a limit that was lowered holds with the next log-in", async () => {
    const { sessions, another } = limited({ maxPerUser: 9 });
    const ids = await signIn(sessions, 9);
    const { id } = await another({ maxPerUser: 2 }).create({ userId: "u1" });
    expect(await liveOf(sessions, [...ids, id])).toEqual([ids[8] ?? "", id]);
  });

  test("expired sessions take no place", async () => {
    const { sessions, clock } = limited({ ttl: 10 });
    await signIn(sessions, 3);
    clock.advance(10_000);
    const ids = await signIn(sessions, 3);
    expect(await liveOf(sessions, ids)).toEqual(ids);
  });

  test("refused instead: the log-in is told so, nothing is issued, and a place that is freed can be taken", async () => {
    const { sessions, gated } = limited({ onLimit: "reject" });
    const ids = await signIn(sessions, 3);
    gated.calls.length = 0;
    expect(await outcomeOf(sessions.create({ userId: "u1" }))).toEqual(limitReached);
    expect(gated.calls.map(([method]) => method)).toEqual(["listByUser"]);
    expect(await liveOf(sessions, ids)).toEqual(ids);
    await sessions.destroy(ids[0] ?? "");
    expect(await outcomeOf(sessions.create({ userId: "u1" }))).toHaveProperty("resolved");
  });

  test("refused instead: a session that is to pass to the user stays what it was, under its id", async () => {
    const { sessions } = limited({ onLimit: "reject" });
    await signIn(sessions, 3);
    const { id, data } = await sessions.create({ cart: 1 });
    expect(await outcomeOf(sessions.regenerate(id, { userId: "u1" }))).toEqual(limitReached);
    expect(await outcomeOf(sessions.update(id, { userId: "u1" }))).toEqual(limitReached);
    expect((await sessions.get(id))?.data).toEqual(data);
    expect((await sessions.regenerate(id, { cart: 2 }))?.data).toEqual({ cart: 2 });
  });

  test("refused instead: an id changes also where the user has as many as allowed", async () => {
    const { sessions } = limited({ onLimit: "reject" });
    const [id = ""] = await signIn(sessions, 3);
    const moved = await sessions.regenerate(id, { secondFactor: true });
    expect(await sessions.get(moved?.id ?? "")).not.toBeNull();
    expect(await sessions.listByUser("u1")).toHaveLength(3);
  });

  test("refused instead: of 50 log-ins at once exactly as many succeed as are allowed", async () => {
    const { another, sessions } = limited({ onLimit: "reject" });
    const managers = Array.from({ length: 4 }, () => another());
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_unused, n) =>
        outcomeOf(managers[n % 4]?.create({ userId: "u1" }) as never),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome instanceof Error);
    expect(refused).toEqual(Array.from({ length: 47 }, () => limitReached));
    expect(await sessions.listByUser("u1")).toHaveLength(3);
  });
});

describe("maxPerUser: what happens in between", () => {
  const limited = (options: SessionOptions = {}) => fixture(createMemory, { maxPerUser: 2, ...options });

  test("a session that moves to a new id while a log-in looks leaves the limit kept", async () => {
    const { sessions, another, gated } = limited();
    const [first = "", second = ""] = await signIn(sessions, 2);
    const held = gated.holdBefore("delete");
    const signingIn = another().create({ userId: "u1" });
    await held.reached;
    // The log-in has decided that this one is to go; when it comes to that, there is nothing under the old key.
    const moved = await sessions.regenerate(first);
    held.release();
    const { id } = await signingIn;
    expect(await liveOf(sessions, [second, moved?.id ?? "", id])).toEqual([moved?.id ?? "", id]);
  });

  test("refused: of two who both found a place, the one that signed in first has it", async () => {
    const { sessions, another, gated, clock } = limited({ onLimit: "reject", maxPerUser: 1 });
    const held = gated.holdBefore("insert");
    const early = outcomeOf(another().create({ userId: "u1" }));
    await held.reached;
    clock.advance(5);
    const late = await sessions.create({ userId: "u1" });
    held.release();
    expect(await early).toMatchObject({ resolved: { data: { userId: "u1" } } });
    expect(await sessions.get(late.id)).toBeNull();
    expect(await sessions.listByUser("u1")).toHaveLength(1);
  });

  test("refused: one who is ended by the other's look is told so", async () => {
    const { sessions, another, gated, clock } = limited({ onLimit: "reject", maxPerUser: 1 });
    const holds = [gated.holdBefore("insert")];
    const early = sessions.create({ userId: "u1" });
    await holds[0]?.reached;
    clock.advance(5);
    holds.push(gated.holdAfter("insert"));
    const late = outcomeOf(another().create({ userId: "u1" }));
    await holds[1]?.reached;
    holds[0]?.release();
    await early;
    holds[1]?.release();
    expect(await late).toEqual(limitReached);
    expect(await sessions.listByUser("u1")).toHaveLength(1);
  });

  test("a log-in whose look at the others fails is refused, and leaves nothing behind", async () => {
    const { gated, clock, sessions } = limited();
    let fails = true;
    const flaky = createSessionManager(
      {
        ...gated.store,
        listByUser: async (...args) => {
          if (fails) throw new Error("down");
          return gated.store.listByUser?.(...args) ?? [];
        },
      },
      { clock, maxPerUser: 2 },
    );
    expect(await outcomeOf(flaky.create({ userId: "u1" }))).toMatchObject({ code: "STORE_UNAVAILABLE" });
    fails = false;
    expect(await sessions.listByUser("u1")).toEqual([]);
  });

  test("a new id whose look at the others fails is given all the same, for the old one is dead [G6]", async () => {
    const { gated, clock, sessions } = limited();
    const { id } = await sessions.create({ userId: "u1" });
    const failing = { ...gated.store, listByUser: () => Promise.reject(new Error("down")) };
    const consoleError = spyOn(console, "error").mockImplementation(() => {});
    try {
      const moved = await createSessionManager(failing, { clock, maxPerUser: 2 }).regenerate(id);
      expect(await sessions.get(moved?.id ?? "")).not.toBeNull();
      expect(consoleError.mock.calls[0]?.[0]).toContain("maxPerUser was not applied");
      const told: SessionEvent[] = [];
      const onEvent = (event: SessionEvent): void => void told.push(event);
      await createSessionManager(failing, { clock, maxPerUser: 2, onEvent }).regenerate(moved?.id ?? "");
      expect(told.map(({ type }) => type)).toEqual(["regenerated", "store-failure"]);
      expect(consoleError).toHaveBeenCalledTimes(1);
    } finally {
      consoleError.mockRestore();
    }
  });

  test("nobody else waits for a log-in that looks at the others", async () => {
    const { sessions, another, gated } = limited({ onLimit: "reject" });
    const { id } = await sessions.create();
    const held = gated.holdBefore("listByUser");
    const signingIn = sessions.regenerate(id, { userId: "u1" });
    await held.reached;
    await turnOfTheLoop();
    expect(await another().get(id)).not.toBeNull();
    held.release();
    expect(await signingIn).not.toBeNull();
  });
});

describe("maxPerUser: what it needs", () => {
  test("a store that cannot find the sessions of a user is refused when the manager is made", () => {
    expect(() => createSessionManager(createFourMethodStore(createTestClock()), { maxPerUser: 3 })).toThrow(
      expect.objectContaining({
        code: "UNSUPPORTED",
        message: expect.stringContaining("no method listByUser"),
      }),
    );
  });

  test("without it no log-in looks at the others", async () => {
    const { sessions, gated } = fixture(createMemory);
    const { id } = await sessions.create({ userId: "u1" });
    await sessions.regenerate(id, { a: 1 });
    expect(gated.calls.map(([method]) => method)).toEqual(["insert", "load", "replace"]);
  });

  test("it is among the options in force", () => {
    expect(
      createSessionManager(createMemorySessionStore(), { maxPerUser: 3, onLimit: "reject" }).options,
    ).toMatchObject({
      maxPerUser: 3,
      onLimit: "reject",
    });
  });
});
