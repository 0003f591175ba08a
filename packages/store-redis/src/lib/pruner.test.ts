import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { createPruner, type Pruner } from "./pruner.ts";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

interface Fixture extends Pruner {
  readonly pruned: string[];
  /** What the next look finds to be alive. */
  alive: number;
}

function fixture(): Fixture {
  const pruned: string[] = [];
  const self: Fixture = {
    pruned,
    alive: 0,
    ...createPruner(async (userKey) => {
      pruned.push(userKey);
      return self.alive;
    }),
  };
  return self;
}

test("a small set is left alone, however often it grows", async () => {
  const { grown, settled, pruned } = fixture();
  for (let size = 1; size <= 16; size++) grown("u", size);
  await settled();
  expect(pruned).toEqual([]);
});

test("a set that has grown is looked through once, not at every log-in", async () => {
  const f = fixture();
  f.alive = 20;
  for (let size = 17; size <= 36; size++) {
    f.grown("u", size);
    await f.settled();
  }
  expect(f.pruned).toEqual(["u"]);
});

test("it is looked through again when it has grown by as much again", async () => {
  const f = fixture();
  f.alive = 20;
  f.grown("u", 20);
  await f.settled();
  f.grown("u", 36);
  f.grown("u", 37);
  await f.settled();
  expect(f.pruned).toEqual(["u", "u"]);
});

test("a large set of live sessions is looked through when a thirty-second part has come", async () => {
  const f = fixture();
  f.alive = 3200;
  f.grown("u", 3200);
  await f.settled();
  f.grown("u", 3300);
  await f.settled();
  expect(f.pruned).toEqual(["u"]);
  f.grown("u", 3301);
  await f.settled();
  expect(f.pruned).toEqual(["u", "u"]);
});

test("and a minute later, so that what was too young to be removed then is removed", async () => {
  const f = fixture();
  f.alive = 17;
  f.grown("u", 17);
  await f.settled();
  f.grown("u", 18);
  jest.advanceTimersByTime(60_001);
  f.grown("u", 18);
  await f.settled();
  expect(f.pruned).toEqual(["u", "u"]);
});

test("a user whose set is looked through does not keep others from it", async () => {
  const f = fixture();
  f.grown("u", 17);
  f.grown("v", 17);
  await f.settled();
  expect(f.pruned).toEqual(["u", "v"]);
});

test("what fails in the background is nobody's error, and may be tried again", async () => {
  let attempts = 0;
  const { grown, inBackground, settled } = createPruner(async () => {
    attempts++;
    throw new Error("down");
  });
  grown("u", 17);
  inBackground(() => Promise.reject(new Error("down")));
  await settled();
  grown("u", 34);
  await settled();
  expect(attempts).toBe(2);
});

test("settled waits for what was begun meanwhile, too", async () => {
  const { inBackground, settled } = fixture();
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  inBackground(async () => {
    await first.promise;
    inBackground(() => second.promise);
  });
  let isSettled = false;
  const waiting = settled().then(() => {
    isSettled = true;
  });
  first.resolve();
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  expect(isSettled).toBe(false);
  second.resolve();
  await waiting;
});

test("users beyond ten thousand are forgotten, the longest unseen first, and looked through again", async () => {
  const f = fixture();
  f.alive = 17;
  for (let user = 0; user <= 10_000; user++) f.grown(`user${user}`, 17);
  await f.settled();
  f.pruned.length = 0;
  f.grown("user1", 17);
  f.grown("user0", 17);
  await f.settled();
  expect(f.pruned).toEqual(["user0"]);
});
