import { expect, test } from "bun:test";
import { createHotSessions, type HotSession } from "./hot-sessions.ts";

const session = (slot: number): HotSession => ({
  slot,
  stamp: slot,
  text: { data: "1", userKey: undefined, rare: undefined },
});

test("G8 bounded: of many sessions that are read some thousands are kept, of few all", () => {
  const hot = createHotSessions();
  const kept = (count: number): number => {
    let held = 0;
    for (let slot = 0; slot < count; slot++) if (hot.get(`key-${slot}`) !== undefined) held++;
    return held;
  };
  for (let slot = 0; slot < 2000; slot++) hot.offer(`key-${slot}`, session(slot));
  expect(kept(2000)).toBe(2000);
  for (let slot = 0; slot < 100_000; slot++) hot.offer(`key-${slot}`, session(slot));
  expect(kept(100_000)).toBeWithin(1, 4097);
  hot.clear();
  expect(kept(100_000)).toBe(0);
});

test("a session that is asked for again stays when others come and go", () => {
  const hot = createHotSessions();
  hot.offer("asked", session(1));
  for (let slot = 0; slot < 100_000; slot++) {
    hot.offer(`key-${slot}`, session(slot));
    if (slot % 1000 === 0) expect(hot.get("asked")?.slot).toBe(1);
  }
});
