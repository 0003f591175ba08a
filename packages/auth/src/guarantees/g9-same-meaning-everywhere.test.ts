import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createMemory, fixture, outcomeOf, storeKinds } from "./fixtures.test-kit.ts";

describe.each(storeKinds)("G9 same meaning everywhere: %s", (_, create) => {
  test("what comes back is what JSON carries, for any JSON object", async () => {
    const { sessions } = fixture(create);
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          fc.jsonValue(),
        ),
        async (data) => {
          const { id, data: returned } = await sessions.create(data);
          const expected = throughJson(data);
          expect(returned).toEqual(expected);
          expect((await sessions.get(id))?.data).toEqual(expected);
          expect((await sessions.merge(id, {}))?.data).toEqual(expected);
          expect((await sessions.regenerate(id))?.data).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("shares no memory with what was passed in, nor between two answers", async () => {
    const { sessions } = fixture(create);
    const data = { nested: { list: [1] } };
    const patch = { more: { list: [1] } };
    const created = await sessions.create(data);
    const merged = await sessions.merge(created.id, patch);
    const first = await sessions.get(created.id);
    data.nested.list.push(2);
    patch.more.list.push(2);
    for (const held of [created.data, merged?.data ?? {}, first?.data ?? {}]) {
      (held.nested as { list: number[] }).list.push(3);
      held.planted = true;
    }
    expect((await sessions.get(created.id))?.data).toEqual({ nested: { list: [1] }, more: { list: [1] } });
  });

  test("what JSON would lose is refused with INVALID_DATA before anything is written", async () => {
    const { sessions, gated } = fixture(create);
    const { id } = await sessions.create({ a: 1 });
    const before = gated.calls.length;
    const lost: unknown[] = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1n,
      () => 1,
      Symbol("s"),
      new Map(),
      new Set(),
      new Uint8Array(1),
      [undefined],
    ];
    for (const value of lost) {
      for (const call of [
        sessions.create({ value }),
        sessions.update(id, { value }),
        sessions.merge(id, { deep: [{ value }] }),
        sessions.regenerate(id, { value }),
      ]) {
        expect(await call.catch((thrown: unknown) => thrown)).toMatchObject({ code: "INVALID_DATA" });
      }
    }
    expect(gated.calls.length).toBe(before);
    expect((await sessions.get(id))?.data).toEqual({ a: 1 });
  });

  test("[SEC-19] Date becomes text, undefined is absent, __proto__ is dropped, after a trip through the store too", async () => {
    const { sessions } = fixture(create);
    const { id, data } = await sessions.create({
      at: new Date(0),
      gone: undefined,
      ...JSON.parse('{"n":{"__proto__":{"admin":true}}}'),
    });
    const merged = await sessions.merge(
      id,
      JSON.parse('{"__proto__":{"admin":true},"m":{"__proto__":{"admin":true},"b":1}}'),
    );
    // Before any trip through the store has cleaned them.
    for (const given of [data, data.n, merged?.data, merged?.data.m]) {
      expect(Object.getPrototypeOf(given)).toBe(Object.prototype);
    }
    const found = await sessions.get(id);
    expect(JSON.stringify(found?.data)).toBe('{"at":"1970-01-01T00:00:00.000Z","n":{},"m":{"b":1}}');
    expect(found?.data.admin).toBeUndefined();
    expect(Object.getPrototypeOf(found?.data.m)).toBe(Object.prototype);
  });

  test("create without data gives an empty object", async () => {
    const { sessions } = fixture(create);
    const { id, data } = await sessions.create();
    expect(data).toEqual({});
    expect((await sessions.get(id))?.data).toEqual({});
  });
});

describe("G9 same meaning everywhere: toJSON and patches", () => {
  test("toJSON is told its key, as JSON.stringify does", async () => {
    const { sessions } = fixture(createMemory);
    const named = { toJSON: (key: string) => key };
    expect((await sessions.create({ a: named, list: [named] })).data).toEqual({ a: "a", list: ["0"] });
  });

  test("a patch with toJSON removes only what that gives as undefined", async () => {
    const { sessions } = fixture(createMemory);
    const { id } = await sessions.create({ role: "admin", old: 1 });
    const patch = { role: "not what toJSON gives", toJSON: () => ({ lang: "de", old: undefined }) };
    await sessions.update(id, patch);
    expect((await sessions.get(id))?.data).toEqual({ role: "admin", lang: "de" });
  });

  test("a patch that is not JSON is refused whatever the id", async () => {
    const { sessions } = fixture(createMemory);
    expect(await outcomeOf(sessions.update("junk", { a: Number.NaN }))).toMatchObject({
      code: "INVALID_DATA",
    });
    expect(await outcomeOf(sessions.regenerate("junk", { a: Number.NaN }))).toMatchObject({
      code: "INVALID_DATA",
    });
  });
});

/** What JSON carries, less the `__proto__` keys that are dropped. */
function throughJson(data: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(data), (key, value) => (key === "__proto__" ? undefined : value));
}
