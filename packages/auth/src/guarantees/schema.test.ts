import { describe, expect, spyOn, test } from "bun:test";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import {
  createSessionManager,
  type SessionEvent,
  type SessionOptions,
  type StandardSchemaV1,
} from "../index.ts";
import { createMemory, fixture, outcomeOf, storeKinds } from "./fixtures.test-kit.ts";

interface Account {
  userId: string;
  visits: number;
  theme?: "dark" | "light" | undefined;
}
type AccountSchema = StandardSchemaV1<unknown, Account>;

const zodSchema = z.object({
  userId: z.string(),
  visits: z.number().default(0),
  theme: z.enum(["dark", "light"]).optional(),
});
const validators: readonly [string, AccountSchema][] = [
  ["zod", zodSchema],
  [
    "valibot",
    v.object({
      userId: v.string(),
      visits: v.optional(v.number(), 0),
      theme: v.optional(v.picklist(["dark", "light"])),
    }),
  ],
  [
    "arktype, whose schemas are functions",
    type({ userId: "string", visits: "number = 0", "theme?": "'dark' | 'light'" }),
  ],
  [
    "zod, answering later",
    zodSchema.refine(async ({ userId }) => Promise.resolve(userId !== "banned"), { path: ["userId"] }),
  ],
];

const refusedAt = (path: string) =>
  expect.objectContaining({ code: "INVALID_DATA", message: expect.stringContaining(`at ${path}:`) });
const corrupt = expect.objectContaining({ code: "CORRUPT_RECORD" });

describe.each(validators)("a schema of %s", (_, schema) => {
  describe.each(storeKinds)("%s", (_kind, create) => {
    const made = (options: SessionOptions = {}) =>
      fixture(create, {
        schema: schema as unknown as StandardSchemaV1<unknown, Record<string, unknown>>,
        ...options,
      });

    test("fills in and checks what is created", async () => {
      const { sessions, gated } = made();
      const { id, data } = await sessions.create({ userId: "u1" });
      expect(data).toEqual({ userId: "u1", visits: 0 });
      expect((await sessions.get(id))?.data).toEqual(data);
      gated.calls.length = 0;
      const secret = { userId: "u1", visits: "hunter2" };
      const error = await outcomeOf(sessions.create(secret));
      expect(error).toEqual(refusedAt("data.visits"));
      expect(`${error}${JSON.stringify(error)}`).not.toContain("hunter2");
      expect(gated.calls).toEqual([]);
    });

    test("checks the whole of what is changed, by every way to change it", async () => {
      const { sessions } = made();
      const { id, data } = await sessions.create({ userId: "u1", visits: 3 });
      for (const call of [
        sessions.update(id, { theme: "blue" }),
        sessions.merge(id, { theme: "blue" }),
        sessions.regenerate(id, { theme: "blue" }),
      ]) {
        expect(await outcomeOf(call)).toEqual(refusedAt("data.theme"));
      }
      expect(await outcomeOf(sessions.update(id, { userId: undefined }))).toEqual(refusedAt("data.userId"));
      expect((await sessions.get(id))?.data).toEqual(data);
      await sessions.update(id, { theme: "dark", visits: undefined });
      expect((await sessions.get(id))?.data).toEqual({ userId: "u1", visits: 0, theme: "dark" });
      const moved = await sessions.regenerate(id, { visits: 4 });
      expect(moved?.data).toEqual({ userId: "u1", visits: 4, theme: "dark" });
    });

    test("refuses what another release has stored, on every read, and leaves it where it is", async () => {
      const { sessions, another, gated } = made();
      const before = another({ schema: undefined as never });
      const { id } = await before.create({ user: "u1" });
      gated.calls.length = 0;
      for (const call of [
        sessions.get(id),
        sessions.merge(id, { visits: 1 }),
        sessions.regenerate(id),
        sessions.refresh(id),
        sessions.refreshIfDue(id),
      ]) {
        expect(await outcomeOf(call)).toEqual(corrupt);
      }
      expect(gated.calls.filter(([method]) => ["set", "replace", "delete"].includes(method))).toEqual([]);
      expect((await before.get(id))?.data).toEqual({ user: "u1" });
      await sessions.destroy(id);
      expect(await before.get(id)).toBeNull();
    });

    test("has it migrated instead, and writes that with the next change", async () => {
      const { sessions, another } = made({
        migrate: (data) => ({ userId: (data as { user: string }).user, visits: 1 }),
      });
      const before = another({ schema: undefined as never, migrate: undefined as never });
      const { id } = await before.create({ user: "u1" });
      expect((await sessions.get(id))?.data).toEqual({ userId: "u1", visits: 1 });
      expect((await sessions.refresh(id))?.data).toEqual({ userId: "u1", visits: 1 });
      expect((await before.get(id))?.data).toEqual({ user: "u1" });
      await sessions.update(id, { visits: 2 });
      expect((await before.get(id))?.data).toEqual({ userId: "u1", visits: 2 });
    });
  });
});

describe("a schema and the sessions of a user", () => {
  const schema = zodSchema as unknown as StandardSchemaV1<unknown, Record<string, unknown>>;

  async function oneOfTwoUnreadable(options: SessionOptions = {}) {
    const made = fixture(createMemory, { schema, ...options });
    const old = await made.another({ schema: undefined as never }).create({ userId: "u1", visits: "many" });
    const { id } = await made.sessions.create({ userId: "u1" });
    return { ...made, id, old: old.id };
  }

  test("one that does not fit hides none of the others, and an event tells of it", async () => {
    const events: SessionEvent[] = [];
    const { sessions, id, old } = await oneOfTwoUnreadable({ onEvent: (event) => events.push(event) });
    events.length = 0;
    expect(await sessions.listByUser("u1")).toMatchObject([{ handle: sessions.handleOf(id) }]);
    expect(events).toMatchObject([
      {
        type: "store-failure",
        handle: sessions.handleOf(old),
        userId: "u1",
        reason: "CORRUPT_RECORD in schema",
      },
    ]);
  });

  test("where nobody listens, the console tells of it", async () => {
    const { sessions } = await oneOfTwoUnreadable();
    const consoleError = spyOn(console, "error").mockImplementation(() => {});
    try {
      expect(await sessions.listByUser("u1")).toHaveLength(1);
      expect(consoleError.mock.calls).toEqual([["[session] A session was left out of a listing:", corrupt]]);
    } finally {
      consoleError.mockRestore();
    }
  });

  test("all of them end with log-out-everywhere, or by their handle", async () => {
    const first = await oneOfTwoUnreadable();
    expect(await first.sessions.destroyByUser("u1")).toBe(2);
    const second = await oneOfTwoUnreadable();
    expect(await second.sessions.destroyByHandle("u1", second.sessions.handleOf(second.old))).toBe(true);
    expect(await second.sessions.destroyByUser("u1")).toBe(1);
  });

  test("each takes a place of maxPerUser", async () => {
    const { sessions, another, id } = await oneOfTwoUnreadable();
    await another({ maxPerUser: 2 }).create({ userId: "u1" });
    expect(await sessions.destroyByUser("u1")).toBe(2);
    expect(await sessions.get(id)).toBeNull();
  });
});

describe("a schema that cannot do", () => {
  test.each<[string, SessionOptions]>([
    ["is no schema", { schema: { parse: () => {} } as never }],
    ["is text", { schema: "object" as never }],
    ["is missing where there is a migrate", { migrate: () => ({}) }],
  ])("because it %s is refused when the manager is made", (_, options) => {
    expect(() => createSessionManager(createMemory(Date.now), options)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });

  test("because it converts is refused before anything is written", async () => {
    const { gated, clock } = fixture(createMemory);
    const converting = z.object({ visits: z.string().transform(Number) });
    const sessions = createSessionManager(gated.store, { clock, schema: converting });
    const outcome = await outcomeOf(sessions.create({ visits: "5" as never }));
    expect(outcome).toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringContaining("its own output"),
    });
    const dates = z.object({ at: z.coerce.date() });
    const dated = createSessionManager(gated.store, { clock, schema: dates });
    expect(await outcomeOf(dated.create({ at: new Date() }))).toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringContaining("data.at is an object with toJSON, such as a Date"),
    });
    expect(gated.calls).toEqual([]);
  });
});

test("writers that wait for a schema all win, on a store that answers at once [G2]", async () => {
  const schema = z.record(z.string(), z.number()).refine(async () => Promise.resolve(true));
  const sessions = createSessionManager(createMemory(Date.now), { schema });
  const { id } = await sessions.create({});
  await Promise.all(Array.from({ length: 60 }, (_, n) => sessions.update(id, { [`k${n}`]: n })));
  expect(Object.keys((await sessions.get(id))?.data ?? {})).toHaveLength(60);
});
