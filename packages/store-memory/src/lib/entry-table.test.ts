import { heapStats } from "bun:jsc";
import { expect, test } from "bun:test";
import { clocked } from "./clocked-store.test-kit.ts";

test("G8 bounded: the index keeps nothing of users whose one session is gone", () => {
  const { store, record } = clocked();
  const names = (): number => {
    Bun.gc(true);
    return heapStats().objectTypeCounts.string ?? 0;
  };
  const before = names();
  for (let user = 0; user < 20_000; user++) {
    store.insert(record(`only/${user}`, { userKey: `one/${user}` }));
    expect(store.remove(`only/${user}`)).not.toBeNull();
  }
  // A map keeps a few of the names that it held until it grows.
  expect(names() - before).toBeLessThan(10_000);
  expect(store.size).toBe(0);
});

test("G8 bounded: the index keeps nothing of users whose sessions are gone", () => {
  const { store, record } = clocked();
  const sets = (): number => {
    Bun.gc(true);
    return heapStats().objectTypeCounts.Set ?? 0;
  };
  const before = sets();
  for (let user = 0; user < 1000; user++) {
    for (const device of ["phone", "laptop"])
      store.insert(record(`${user}/${device}`, { userKey: `u${user}` }));
    expect(store.deleteByUser(`u${user}`)).toBe(2);
  }
  expect(sets() - before).toBeLessThan(100);
  // Still held, or there would be nothing to count.
  expect(store.size).toBe(0);
});
