import { afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import { createTestClock } from "@ventostack/testing";
import { createMemorySessionStore, createSessionManager, type SessionStore } from "../index.ts";
import { outcomeOf } from "./fixtures.test-kit.ts";

const ID = `${"i".repeat(42)}A`;

/** Timers that were started and neither stopped nor run out. */
const running = new Set<unknown>();
const { setTimeout: start, clearTimeout: stop } = globalThis;
const spies: { mockRestore(): void }[] = [];

beforeEach(() => {
  running.clear();
  const counted = (...args: Parameters<typeof start>): ReturnType<typeof start> => {
    const timer = start(...args);
    running.add(timer);
    return timer;
  };
  spies.push(
    spyOn(globalThis, "setTimeout").mockImplementation(counted as typeof start),
    spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
      running.delete(timer);
      stop(timer as ReturnType<typeof start>);
    }),
  );
});
afterEach(() => {
  for (const spy of spies.splice(0)) spy.mockRestore();
});

const thenable = (settle: () => void): (() => Promise<null>) => {
  // biome-ignore lint/suspicious/noThenProperty: a store may answer with a promise of another library's
  return () => ({ then: settle }) as unknown as Promise<null>;
};

test.each<[string, NonNullable<SessionStore["load"]>]>([
  ["answered", async () => null],
  ["failed", () => Promise.reject(new Error("down"))],
  [
    "answered with what is no promise of the platform's, and throws",
    thenable(() => {
      throw new Error("no promise");
    }),
  ],
])("G8 bounded: no timer is left of a trip that the store %s", async (_, load) => {
  const clock = createTestClock();
  const store = { ...createMemorySessionStore({ clock }), load };
  await outcomeOf(createSessionManager(store, { clock }).get(ID));
  expect(setTimeout).toHaveBeenCalledTimes(1);
  expect(running.size).toBe(0);
});
