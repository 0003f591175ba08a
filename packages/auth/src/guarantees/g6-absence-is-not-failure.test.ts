import { describe, expect, spyOn, test } from "bun:test";
import { createFourMethodStore, createTestClock, gate } from "@ventostack/testing";
import {
  createMemorySessionStore,
  createSessionManager,
  SessionError,
  type SessionErrorCode,
  type SessionManager,
  type SessionStore,
} from "../index.ts";
import { createMemory, fixture, outcomeOf } from "./fixtures.test-kit.ts";

type Call = (sessions: SessionManager, id: string) => Promise<unknown>;

const calls: readonly [name: string, call: Call][] = [
  ["create", (sessions) => sessions.create({ userId: "u1" })],
  ["get", (sessions, id) => sessions.get(id)],
  ["update", (sessions, id) => sessions.update(id, { a: 1 })],
  ["merge", (sessions, id) => sessions.merge(id, { a: 1 })],
  ["touch", (sessions, id) => sessions.touch(id)],
  ["refresh", (sessions, id) => sessions.refresh(id)],
  ["refreshIfDue", (sessions, id) => sessions.refreshIfDue(id)],
  ["regenerate", (sessions, id) => sessions.regenerate(id)],
  ["destroy", (sessions, id) => sessions.destroy(id)],
  ["destroyByHandle", (sessions, id) => sessions.destroyByHandle("u1", sessions.handleOf(id))],
];
const byUserCalls: readonly [name: string, call: Call][] = [
  ["listByUser", (sessions) => sessions.listByUser("u1")],
  ["destroyByUser", (sessions) => sessions.destroyByUser("u1")],
];

/** The store with each of its methods replaced. */
function broken(store: SessionStore, answer: () => unknown): SessionStore {
  const methods = Object.entries(store).filter(([, value]) => typeof value === "function");
  return Object.fromEntries(methods.map(([method]) => [method, answer])) as unknown as SessionStore;
}

const faults: readonly [name: string, code: SessionErrorCode, answer: () => unknown][] = [
  ["hangs", "STORE_TIMEOUT", () => new Promise(() => {})],
  ["rejects", "STORE_UNAVAILABLE", () => Promise.reject(new Error("connection refused"))],
  [
    "throws",
    "STORE_UNAVAILABLE",
    () => {
      throw new Error("connection refused");
    },
  ],
  ["rejects with no error at all", "STORE_UNAVAILABLE", () => Promise.reject(undefined)],
];

const kinds: readonly [
  name: string,
  create: (clock: () => number) => SessionStore,
  calls: readonly [string, Call][],
][] = [
  ["memory", createMemory, [...calls, ...byUserCalls]],
  ["four methods", createFourMethodStore, calls],
];

describe.each(kinds)("G6 absence is not failure: %s", (_, create, everyCall) => {
  describe.each([...faults])("a store that %s", (__, code, answer) => {
    test.each([...everyCall])("makes %s reject", async (___, call) => {
      const clock = createTestClock();
      const { id } = await createSessionManager(create(clock), { clock }).create({ userId: "u1" });
      const sessions = createSessionManager(broken(create(clock), answer), { clock, storeTimeout: 5 });
      const error = await call(sessions, id).then(
        (value) => `resolved with ${String(value)}`,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(SessionError);
      expect(error).toMatchObject({ code });
    });
  });

  test("the limit is the one that was configured, and 2000 ms by default", async () => {
    const hanging = broken(create(createTestClock()), () => new Promise(() => {}));
    for (const [options, limit] of [[{ storeTimeout: 1234 }, 1234] as const, [{}, 2000] as const]) {
      // Runs out at once, and tells after how long it should have.
      const limits: number[] = [];
      let now = 0;
      const clockSpy = spyOn(performance, "now").mockImplementation(() => now);
      const spy = spyOn(globalThis, "setTimeout").mockImplementation(((end: () => void, after = 0) => {
        limits.push(after);
        queueMicrotask(() => {
          now += after;
          end();
        });
        return 0;
      }) as unknown as typeof setTimeout);
      const error = await outcomeOf(createSessionManager(hanging, options).get(`${"i".repeat(42)}A`));
      spy.mockRestore();
      clockSpy.mockRestore();
      const message = expect.stringContaining(`within ${limit} ms`);
      expect([error, limits]).toEqual([expect.objectContaining({ code: "STORE_TIMEOUT", message }), [limit]]);
    }
  });

  test("the store's own error is the cause, and its words are not ours", async () => {
    const cause = new Error("redis://user:password@10.0.0.1 refused");
    const clock = createTestClock();
    const sessions = createSessionManager(
      broken(create(clock), () => Promise.reject(cause)),
      { clock },
    );
    const { id } = await createSessionManager(create(clock), { clock }).create();
    const error = (await sessions.get(id).catch((thrown: unknown) => thrown)) as SessionError;
    expect(error.cause).toBe(cause);
    expect(error.message).not.toContain("password");
  });

  test("an answer that comes late is not taken, and its rejection disturbs nobody", async () => {
    const { another, gated } = fixture(create);
    const sessions = another({ storeTimeout: 5 });
    const { id } = await sessions.create({ userId: "u1" });
    const read = gated.holdAfter("load" in gated.store ? "load" : "get");
    const error = await sessions.get(id).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "STORE_TIMEOUT" });
    read.release();
    expect(await sessions.get(id)).not.toBeNull();

    const late = Promise.withResolvers<never>();
    const failing = createSessionManager(
      broken(gated.store, () => late.promise),
      { storeTimeout: 5 },
    );
    expect(await failing.get(id).catch((thrown: unknown) => thrown)).toMatchObject({ code: "STORE_TIMEOUT" });
    late.reject(new Error("too late"));
    // An unhandled rejection would fail the run; one more turn of the loop lets it appear.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

test("G6 absence is not failure: a by-user call has the time limit for each of its trips", async () => {
  let now = 0;
  const timers: { readonly end: () => void; readonly at: number }[] = [];
  const clockSpy = spyOn(performance, "now").mockImplementation(() => now);
  const spy = spyOn(globalThis, "setTimeout").mockImplementation(((end: () => void, after = 0) => {
    timers.push({ end, at: now + after });
    return timers.length;
  }) as unknown as typeof setTimeout);
  async function takeTwoTrips(onTrip?: () => void): Promise<void> {
    await null;
    for (let trip = 0; trip < 2; trip++) {
      now += 1500;
      for (const timer of [...timers]) if (timer.at <= now) timer.end();
      onTrip?.();
    }
  }
  const sessions = createSessionManager({
    ...createMemorySessionStore(),
    async listByUser(_, { onTrip } = {}) {
      await takeTwoTrips(onTrip);
      return [];
    },
    async deleteByUser(_, { onTrip } = {}) {
      await takeTwoTrips(onTrip);
      return 1;
    },
  });
  const answers = [await outcomeOf(sessions.listByUser("u1")), await outcomeOf(sessions.destroyByUser("u1"))];
  spy.mockRestore();
  clockSpy.mockRestore();
  expect(answers).toEqual([{ resolved: [] }, { resolved: 1 }]);
});

describe("G6 absence is not failure: what the store says", () => {
  const clock = createTestClock();
  const record = { data: {}, expiresAt: clock() + 60_000, createdAt: clock(), revision: 1, version: 1 };

  test.each<[string, unknown]>([
    ["an unknown version", { ...record, version: 2 }],
    ["no expiry", { ...record, expiresAt: undefined }],
    ["an expiry that is text", { ...record, expiresAt: "tomorrow" }],
    ["data that is text", { ...record, data: "{}" }],
    ["data that is a list", { ...record, data: [] }],
    ["data that is null", { ...record, data: null }],
    ["text in place of a record", "garbage"],
  ])("a record with %s is CORRUPT_RECORD, not null, and stays", async (_, stored) => {
    for (const create of [createMemory, createFourMethodStore]) {
      const gated = gate({
        ...create(clock),
        get: async () => stored as never,
        ...(create === createMemory && { load: () => stored as never }),
      });
      const sessions = createSessionManager(gated.store, { clock });
      const { id } = await createSessionManager(create(clock), { clock }).create();
      for (const call of [sessions.get(id), sessions.update(id, { a: 1 }), sessions.regenerate(id)]) {
        expect(await call.catch((thrown: unknown) => thrown)).toMatchObject({ code: "CORRUPT_RECORD" });
      }
      const written = gated.calls.filter(([method]) => !["get", "load"].includes(method));
      expect(written).toEqual([]);
    }
  });

  test("data that JSON cannot carry, from a store of four methods, is CORRUPT_RECORD", async () => {
    const store = {
      ...createFourMethodStore(clock),
      get: async () => ({ id: "", data: { a: 1n }, expiresAt: clock() + 1 }),
    };
    const sessions = createSessionManager(store, { clock });
    const { id } = await sessions.create();
    expect(await sessions.get(id).catch((thrown: unknown) => thrown)).toMatchObject({
      code: "CORRUPT_RECORD",
    });
  });

  test("a code of the store's error is kept where it is one of ours", async () => {
    const memory = createMemory(clock);
    const error = Object.assign(new Error("unreadable"), { code: "CORRUPT_RECORD" });
    const sessions = createSessionManager({ ...memory, load: () => Promise.reject(error) }, { clock });
    const { id } = await sessions.create();
    expect(await sessions.get(id).catch((thrown: unknown) => thrown)).toMatchObject({
      code: "CORRUPT_RECORD",
      cause: error,
    });
  });

  test("on a store of four methods no caller waits for all those before it", async () => {
    const { another, gated } = fixture(createFourMethodStore);
    const sessions = another({ storeTimeout: 10 });
    const { id } = await sessions.create();
    let turns = 0;
    const hanging: SessionStore = {
      ...gated.store,
      get() {
        turns++;
        return new Promise(() => {});
      },
    };
    const stuck = createSessionManager(hanging, { storeTimeout: 10 });
    const errors = await Promise.all(
      Array.from({ length: 50 }, () => stuck.update(id, { a: 1 }).catch((thrown: unknown) => thrown)),
    );
    expect(errors.every((error) => error instanceof SessionError && error.code === "STORE_TIMEOUT")).toBe(
      true,
    );
    // Each turn takes the whole time limit: those that come after it are given up unasked.
    expect(turns).toBeLessThan(5);
  });
});

describe("G6 absence is not failure: an answer that the store's interface does not know", () => {
  const clock = createTestClock();
  const everyMethod = createMemorySessionStore({ clock });
  const { replace: _, ...withoutReplace } = everyMethod;

  const wrong: readonly [method: string, answers: readonly unknown[], call: Call][] = [
    ["insert", [undefined, "OK", 1], (sessions) => sessions.create({})],
    ["replace", [undefined, true, "OK"], (sessions, id) => sessions.update(id, { a: 1 })],
    ["listByUser", [undefined, null, {}], (sessions) => sessions.listByUser("u1")],
    ["deleteByUser", [undefined, null, "1", -1, Number.NaN], (sessions) => sessions.destroyByUser("u1")],
  ];

  test.each(
    wrong.flatMap(([method, answers, call]) =>
      answers.flatMap((answer) =>
        [everyMethod, withoutReplace]
          .filter((store) => method in store)
          .map((store) => [method, answer, store, call] as const),
      ),
    ),
  )("%s: %p is STORE_UNAVAILABLE, answered at once or later", async (method, answer, store, call) => {
    for (const given of [() => answer, async () => answer]) {
      const { id } = await createSessionManager(everyMethod, { clock }).create({ userId: "u1" });
      const sessions = createSessionManager({ ...store, [method]: given }, { clock });
      const got = await outcomeOf(call(sessions, id));
      expect(got).toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining(method) });
    }
  });

  test.each(["load", "refresh"] as const)("%s: nothing is no session", async (method) => {
    for (const given of [() => undefined, async () => undefined]) {
      const { id } = await createSessionManager(everyMethod, { clock }).create();
      const store = { ...everyMethod, [method]: given } as unknown as SessionStore;
      const sessions = createSessionManager(store, { clock });
      expect(await (method === "load" ? sessions.get(id) : sessions.refresh(id))).toBeNull();
    }
  });

  test("listByUser: no list is STORE_UNAVAILABLE to destroyByUser too, where that goes by the list", async () => {
    const store = { ...withoutReplace, listByUser: () => undefined } as unknown as SessionStore;
    expect(await outcomeOf(createSessionManager(store, { clock }).destroyByUser("u1"))).toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
  });
});
