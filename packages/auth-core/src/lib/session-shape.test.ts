import { describe, expect, test } from "bun:test";
import { createSessionEvents, type SessionEvent } from "./session-events.ts";
import { createSessionNames } from "./session-names.ts";
import { createSessionShape, type SessionShape, type ShapeOptions } from "./session-shape.ts";
import type { StoredSession } from "./session-store.ts";
import type { StandardIssue, StandardResult, StandardSchemaV1 } from "./standard-schema.ts";

type Validate = (value: unknown) => StandardResult<unknown> | Promise<StandardResult<unknown>>;

const schemaOf = (validate: Validate): StandardSchemaV1 => ({
  "~standard": { version: 1, vendor: "test", validate },
});
const refusing = (...issues: StandardIssue[]): StandardSchemaV1 => schemaOf(() => ({ issues }));
const stored = (data: Record<string, unknown>): StoredSession => ({
  id: "s:key",
  data,
  expiresAt: 9,
  createdAt: 5,
  userKey: "s:u1",
  revision: 1,
  version: 1,
});

function shapeOf(options: Pick<ShapeOptions, "schema"> & Partial<ShapeOptions>): {
  shape: SessionShape;
  told: SessionEvent[];
} {
  const told: SessionEvent[] = [];
  const names = createSessionNames("s:", true);
  const events = createSessionEvents({ onEvent: (event) => told.push(event), clock: () => 1 }, names);
  const shape = createSessionShape({ migrate: undefined, handleOf: names.handleOf, events, ...options });
  return { shape, told };
}

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    return { resolved: await call() };
  } catch (error) {
    return error;
  }
}

const failsWith = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

test("without a schema, data is what it is, and nobody waits", () => {
  const { shape } = shapeOf({ schema: undefined });
  const data = { a: 1 };
  const record = stored(data);
  expect(shape.accept(data)).toBe(data);
  expect(shape.read(record)).toBe(record);
});

describe("data on its way in", () => {
  test("that fits is stored as the schema gives it, at once where the schema answers at once", () => {
    const { shape } = shapeOf({
      schema: schemaOf((value) => ({ value: { theme: "light", ...(value as object) } })),
    });
    expect(shape.accept({ a: 1 })).toEqual({ a: 1, theme: "light" });
    expect(shape.accept({ theme: "dark" })).toEqual({ theme: "dark" });
  });

  test("is waited for where the schema answers later", async () => {
    const { shape } = shapeOf({ schema: schemaOf(async (value) => ({ value })) });
    const accepted = shape.accept({ a: 1 });
    expect(accepted).toBeInstanceOf(Promise);
    expect(await accepted).toEqual({ a: 1 });
  });

  test("that does not fit is INVALID_DATA with the paths, and never a value or what the schema says of it", async () => {
    const { shape } = shapeOf({
      schema: refusing(
        { message: "hunter2 is no password", path: ["user", { key: "password" }] },
        { message: "hunter2", path: ["list", 0, "odd key"] },
        { message: "hunter2" },
        { message: "again", path: [{ key: "user" }, "password"] },
      ),
    });
    const error = await failureOf(() => shape.accept({ user: { password: "hunter2" } }));
    expect(error).toEqual(
      failsWith("INVALID_DATA", 'at data.user.password, data.list[0]["odd key"], data: nothing'),
    );
    expect((error as Error).message).not.toContain("hunter2");
    expect(error).not.toHaveProperty("cause");
  });

  test("names a few paths only, and no endless ones", async () => {
    const issues = Array.from({ length: 40 }, (_, at) => ({
      message: "",
      path: [`${at}${"x".repeat(10_000)}`],
    }));
    const error = await failureOf(() => shapeOf({ schema: refusing(...issues) }).shape.accept({}));
    expect(error).toEqual(failsWith("INVALID_DATA", "and 35 more"));
    expect((error as Error).message.length).toBeLessThan(1000);
  });

  test.each<[string, Validate, string]>([
    ["makes a Date", () => ({ value: { at: new Date(0) } }), "data.at is an object with toJSON"],
    ["makes what JSON loses", () => ({ value: { tags: new Set() } }), "data.tags is a Set"],
    ["makes no object", () => ({ value: "text" }), "data is a string"],
    [
      "converts, and refuses what it made",
      (value) =>
        typeof (value as { n: unknown }).n === "string"
          ? { value: { n: 5 } }
          : { issues: [{ message: "", path: ["n"] }] },
      "does not accept its own output as it is at data.n",
    ],
    [
      "makes something else each time",
      (value) => ({ value: { n: `${(value as { n: string }).n}!` } }),
      "does not accept its own output as it is, so",
    ],
  ])("a schema that %s is found out before anything is written", async (_, validate, message) => {
    const { shape } = shapeOf({ schema: schemaOf(validate) });
    expect(await failureOf(() => shape.accept({ n: "5" }))).toEqual(failsWith("INVALID_DATA", message));
  });

  test("is not changed by a schema that writes to what it is given", () => {
    const { shape } = shapeOf({
      schema: schemaOf((value) => {
        Object.assign(value as object, { written: true });
        return { value };
      }),
    });
    const data = { a: 1 };
    expect(shape.accept(data)).toEqual({ a: 1, written: true });
    expect(data).toEqual({ a: 1 });
  });

  test("what a schema throws comes through as it is", async () => {
    const thrown = new Error("a mistake in the schema");
    const { shape } = shapeOf({
      schema: schemaOf(() => {
        throw thrown;
      }),
    });
    expect(await failureOf(() => shape.accept({}))).toBe(thrown);
    expect(await failureOf(() => shape.read(stored({})))).toBe(thrown);
  });
});

describe("data on its way out", () => {
  const named: Validate = (value) =>
    typeof (value as { name?: unknown }).name === "string"
      ? { value }
      : { issues: [{ message: "", path: ["name"] }] };

  test("is what the schema gives of it", async () => {
    const { shape } = shapeOf({
      schema: schemaOf(async (value) => ({ value: { ...(value as object), b: 2 } })),
    });
    expect(await shape.read(stored({ a: 1 }))).toEqual(stored({ a: 1, b: 2 }));
  });

  test("that does not fit is CORRUPT_RECORD with the path, and an event", async () => {
    const { shape, told } = shapeOf({ schema: schemaOf(named) });
    expect(await failureOf(() => shape.read(stored({ name: 7 })))).toEqual(
      failsWith("CORRUPT_RECORD", "does not fit the schema at data.name. It was left as it is"),
    );
    expect(told).toEqual([
      { type: "store-failure", at: 1, handle: "key", userId: "u1", reason: "CORRUPT_RECORD in schema" },
    ]);
  });

  test("that does not fit is migrated, and validated again", async () => {
    const asked: unknown[] = [];
    const migrate = (...args: unknown[]): unknown => {
      asked.push(args);
      const { first, last } = args[0] as Record<string, string>;
      return { name: `${first} ${last}` };
    };
    const { shape, told } = shapeOf({ schema: schemaOf(named), migrate });
    expect(await shape.read(stored({ first: "Ada", last: "Lovelace" }))).toEqual(
      stored({ name: "Ada Lovelace" }),
    );
    expect(await shape.read(stored({ name: "Grace" }))).toEqual(stored({ name: "Grace" }));
    expect(asked).toEqual([
      [
        { first: "Ada", last: "Lovelace" },
        { handle: "key", createdAt: 5, expiresAt: 9 },
      ],
    ]);
    expect(told).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    ["gives what does not fit", () => ({ name: 7 })],
    ["gives nothing", () => undefined],
    ["gives no JSON", () => ({ name: "a", at: new Date() })],
    [
      "throws",
      () => {
        throw new TypeError("no such field");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("no such field"))],
  ])("a migrate that %s leaves it CORRUPT_RECORD", async (_, migrate) => {
    const safely: Validate = (value) => (value === undefined ? { issues: [{ message: "" }] } : named(value));
    const { shape, told } = shapeOf({ schema: schemaOf(safely), migrate });
    const error = await failureOf(() => shape.read(stored({ first: "Ada" })));
    expect(error).toEqual(failsWith("CORRUPT_RECORD", "could not be migrated"));
    expect((error as Error).cause).toBeInstanceOf(Error);
    expect(told).toHaveLength(1);
  });
});
