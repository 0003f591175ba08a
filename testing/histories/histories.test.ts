import { describe, expect, test } from "bun:test";
import { createSessionManager, type SessionStore } from "@ventostack/auth-core";
import { createFourMethodStore, createTestClock } from "@ventostack/testing";
import { type Call, isLinearizable, type Specification } from "./linearize.ts";
import type { Asked, Operation, Shown } from "./operations.ts";
import { checkProgram, checkPrograms } from "./programs.ts";
import { type Program, runProgram, type StoreUnderTest } from "./run-program.ts";
import { sessionSpecification } from "./session-specification.ts";
import { stepping } from "./stepping.ts";

describe("isLinearizable", () => {
  type Register = { readonly write: number } | { readonly read: number };
  const register: Specification<number, Register> = {
    initial: 0,
    keyOf: String,
    *steps(state, operation) {
      if ("write" in operation) yield { state: operation.write, done: true };
      else if (operation.read === state) yield { state, done: true };
    },
  };
  const call = (calledAt: number, returnedAt: number, operation: Register): Call<Register> => ({
    client: 0,
    calledAt,
    returnedAt,
    operation,
  });

  test.each<[boolean, string, Call<Register>[]]>([
    [true, "a read after a write sees it", [call(0, 1, { write: 1 }), call(2, 3, { read: 1 })]],
    [
      false,
      "a read after a write does not see what was before",
      [call(0, 1, { write: 1 }), call(2, 3, { read: 0 })],
    ],
    [
      true,
      "a read during a write may see either",
      [call(0, 9, { write: 1 }), call(1, 2, { read: 0 }), call(3, 4, { read: 1 })],
    ],
    [
      false,
      "but not the old one after the new",
      [call(0, 9, { write: 1 }), call(1, 2, { read: 1 }), call(3, 4, { read: 0 })],
    ],
    [
      true,
      "two writes at once may come in either order",
      [call(0, 5, { write: 1 }), call(1, 4, { write: 2 }), call(6, 7, { read: 1 })],
    ],
    [
      false,
      "and in one for all",
      [call(0, 5, { write: 1 }), call(1, 4, { write: 2 }), call(6, 7, { read: 1 }), call(8, 9, { read: 2 })],
    ],
  ])("%p: %s", (expected, _, history) => {
    expect(isLinearizable(history, register)).toBe(expected);
  });
});

describe("the specification of sessions", () => {
  const TTL = 100;
  const at = (session: Partial<Shown> = {}): Shown => ({
    id: "s1",
    data: { userId: "u1" },
    expiresAt: TTL,
    ...session,
  });
  const s1 = { id: "s1" };
  const made: Partial<Operation> & { asked: Asked } = {
    asked: { do: "create", data: { userId: "u1" } },
    answer: at({ absoluteExpiresAt: 1000 }),
  };
  const get = (answer: Operation["answer"], more: object = {}) => ({
    asked: { do: "get", on: 0 } as const,
    ...s1,
    answer,
    ...more,
  });
  const destroyed = { asked: { do: "destroy", on: 0 } as const, ...s1, answer: undefined };
  const merged = (answer: Operation["answer"]) => ({
    asked: { do: "merge", on: 0, patch: { a: 1 } } as const,
    ...s1,
    answer,
  });
  const touched = { asked: { do: "touch", on: 0 } as const, ...s1, answer: undefined, from: 50, to: 50 };
  const moved = { asked: { do: "regenerate", on: 0, patch: {} } as const, ...s1, answer: at({ id: "s2" }) };
  const ended = (answer: number) => ({ asked: { do: "destroyByUser", user: "u1" } as const, answer });
  const listed = (...answer: Shown[]) => ({ asked: { do: "listByUser", user: "u1" } as const, answer });

  /** One after the other. */
  const inTurn = (...operations: (Partial<Operation> & { asked: Asked })[]): Call<Operation>[] =>
    operations.map((operation, index) => ({
      client: 0,
      calledAt: index * 2,
      returnedAt: index * 2 + 1,
      operation: {
        ...{ from: 0, to: 0, ttl: TTL, absoluteTtl: 1000, threshold: 50, tellsAtLeast: false, answer: null },
        ...operation,
      },
    }));

  test.each<[string, (Partial<Operation> & { asked: Asked })[]]>([
    ["a session that was made is there", [made, get(at())]],
    ["one that was destroyed is not", [made, destroyed, get(null), merged(null), ended(0), listed()]],
    [
      "a merge is seen",
      [made, merged(at({ data: { userId: "u1", a: 1 } })), get(at({ data: { userId: "u1", a: 1 } }))],
    ],
    ["a touch extends", [made, touched, get(at({ expiresAt: 150 }), { from: 60, to: 60 })]],
    [
      "a regenerate moves",
      [made, moved, get(null), { ...get(at({ id: "s2" })), id: "s2" }, listed(at({ id: "s2" })), ended(1)],
    ],
    ["an end that has come is one", [made, get(null, { from: 100, to: 100 })]],
  ])("agrees: %s", (_, operations) => {
    expect(isLinearizable(inTurn(...operations), sessionSpecification)).toBe(true);
  });

  test.each<[string, (Partial<Operation> & { asked: Asked })[]]>([
    ["G1: one that was destroyed is there", [made, destroyed, get(at())]],
    ["G1: one that was ended with its user is there", [made, ended(1), get(at())]],
    ["G1: the old id of a regenerate opens it", [made, moved, get(at())]],
    ["G2: a merge is lost", [made, merged(at({ data: { userId: "u1", a: 1 } })), get(at())]],
    ["G3: a touch has done nothing", [made, touched, get(at(), { from: 60, to: 60 })]],
    ["G3: an end that has come is none", [made, get(at(), { from: 100, to: 100 })]],
    ["G3: the end moves by a merge", [made, merged(at({ data: { userId: "u1", a: 1 }, expiresAt: 120 }))]],
    ["G5: one survives", [made, ended(0), get(at())]],
    ["G5: the count is too high", [made, ended(2)]],
    ["G5: the count leaves one out", [made, ended(0), get(null)]],
    ["G5: a list leaves one out", [made, listed()]],
    ["G5: a list shows one that is dead", [made, destroyed, listed(at())]],
    ["G6: a live one is said to be absent", [made, get(null)]],
  ])("objects: %s", (_, operations) => {
    expect(isLinearizable(inTurn(...operations), sessionSpecification)).toBe(false);
  });
});

describe("programs", () => {
  const storeFrom = (create: (clock: () => number) => SessionStore): StoreUnderTest => ({
    name: "broken",
    open() {
      const clock = createTestClock();
      const store = create(clock);
      return {
        clock,
        advance: clock.advance,
        isPlain: true,
        manager: (options, takeTurn) =>
          createSessionManager(stepping(store, takeTurn), { ...options, clock }),
      };
    },
  });

  test("the same program gives the same history", async () => {
    const program: Program = {
      rounds: [
        { clients: [[{ do: "create", data: {} }]], pause: 10 },
        {
          clients: [
            [{ do: "merge", on: 0, patch: { a: 1 } }],
            [{ do: "touch", on: 0 }],
            [{ do: "get", on: 0 }],
          ],
          pause: 0,
        },
      ],
      choices: [2, 1, 0, 5],
    };
    const store = storeFrom(createFourMethodStore);
    const history = await runProgram(store, program);
    expect(history.length).toBe(4);
    expect(await runProgram(store, program)).toEqual(history);
  });

  test("a store that brings sessions back is found out, with a script that does it again", async () => {
    const store = storeFrom((clock) => {
      const inner = createFourMethodStore(clock);
      return { ...inner, delete: async () => {} };
    });
    const failure = await checkPrograms(store, { byUser: false, runs: 500 }).then(String, String);
    expect(failure).toContain("No order of these calls explains their answers.");
    const [, script = ""] = /await checkProgram\(stores\["broken"\], (.*)\);/.exec(failure) ?? [];
    const again = await checkProgram(store, JSON.parse(script)).then(String, String);
    expect(again).toContain("No order of these calls");
    await checkProgram(storeFrom(createFourMethodStore), JSON.parse(script));
  });

  test("a call that fails is told of, with the script", async () => {
    const store = storeFrom((clock) => ({
      ...createFourMethodStore(clock),
      set: () => Promise.reject(new Error("disk full")),
    }));
    const failure = await checkPrograms(store, { byUser: false, runs: 10 }).then(String, String);
    expect(failure).toContain("A call failed: SessionError");
    expect(failure).toContain("await checkProgram(");
  });
});
