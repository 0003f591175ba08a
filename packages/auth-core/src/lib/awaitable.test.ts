import { expect, test } from "bun:test";
import { andThen } from "./awaitable.ts";

test("goes on at once where the value is there, and otherwise when it comes", async () => {
  expect(andThen(1, (value) => value + 1)).toBe(2);
  const later = andThen(Promise.resolve(1), (value) => value + 1);
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toBe(2);
});
