import { describe, expect, test } from "bun:test";
import { createMemorySessionStore } from "./memory-session-store.ts";
import type { MemorySessionStoreOptions } from "./options.ts";

describe("options that make no sense throw INVALID_OPTION naming option and value", () => {
  test.each<[string, unknown, string]>([
    ["maxSessions", 0, "0"],
    ["maxSessions", -1, "-1"],
    ["maxSessions", 1.5, "1.5"],
    ["maxSessions", Number.NaN, "NaN"],
    ["maxSessions", Number.POSITIVE_INFINITY, "Infinity"],
    ["maxSessions", "10", '"10"'],
    ["sweepInterval", 0, "0"],
    ["sweepInterval", Number.NaN, "NaN"],
    ["sweepInterval", 1e9, "1000000000"],
    ["clock", 5, "5"],
  ])("%s: %p", (option, value, shown) => {
    const create = () => createMemorySessionStore({ [option]: value });
    expect(create).toThrow(`The option ${option} is ${shown};`);
    expect(create).toThrow(expect.objectContaining({ name: "SessionError", code: "INVALID_OPTION" }));
  });
});

test("a misspelt option is refused, and those that there are are named", () => {
  expect(() => createMemorySessionStore({ maxSession: 10 } as MemorySessionStoreOptions)).toThrow(
    expect.objectContaining({
      name: "SessionError",
      code: "INVALID_OPTION",
      message: "There is no option maxSession; the options are maxSessions, sweepInterval, clock.",
    }),
  );
});
