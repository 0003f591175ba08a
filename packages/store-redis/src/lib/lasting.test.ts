import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { createLasting, type Lasting } from "./lasting.ts";

const GRACE = 1000;

/** What connects here is a number: the first connection is 1. */
interface Fixture {
  readonly lasting: Lasting<number>;
  readonly discarded: number[];
  attempts: number;
  /** How the next attempts end. */
  outcome: "connect" | "fail" | "hang";
  /** Ends those that hang. */
  finish(error?: Error): void;
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function fixture(outcome: Fixture["outcome"] = "connect"): Fixture {
  let made = 0;
  let hanging = Promise.withResolvers<number>();
  const self: Fixture = {
    discarded: [],
    attempts: 0,
    outcome,
    finish(error) {
      if (error) hanging.reject(error);
      else hanging.resolve(++made);
      hanging = Promise.withResolvers();
    },
    lasting: createLasting<number>({
      async connect() {
        self.attempts++;
        if (self.outcome === "hang") return hanging.promise;
        if (self.outcome === "fail") throw new Error(`attempt ${self.attempts}`);
        return ++made;
      },
      discard: (connected) => void self.discarded.push(connected),
      grace: GRACE,
    }),
  };
  return self;
}

/** Lets time pass, and what waits for promises take its turn. */
async function pass(milliseconds: number, step = 5): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += step) {
    jest.advanceTimersByTime(step);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

/** `pending`, what it has resolved with, or the message that it was rejected with. */
async function stateOf(call: number | Promise<number>): Promise<number | string> {
  const settled = Promise.resolve(call).catch((error: Error) => error.message);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  return Bun.peek.status(settled) === "pending" ? "pending" : settled;
}

async function outage(f: Fixture): Promise<void> {
  f.outcome = "fail";
  f.lasting.lose();
  await pass(GRACE);
}

test("connects when it is first asked to, once for all who ask, and is then there at once", async () => {
  const f = fixture();
  await pass(5000);
  expect(f.attempts).toBe(0);
  const calls = [f.lasting.current(), f.lasting.current()];
  expect(await Promise.all(calls)).toEqual([1, 1]);
  expect(f.lasting.current()).toBe(1);
  expect(f.attempts).toBe(1);
});

test("what was lost is discarded and made anew without being asked to", async () => {
  const f = fixture();
  await f.lasting.current();
  f.lasting.lose(1);
  await pass(100);
  expect(f.discarded).toEqual([1]);
  expect(f.lasting.current()).toBe(2);
});

test("the loss of one that was given up already harms no other", async () => {
  const f = fixture();
  await f.lasting.current();
  f.lasting.lose(1);
  await pass(100);
  f.lasting.lose(1);
  expect(f.discarded).toEqual([1]);
  expect(f.lasting.current()).toBe(2);
});

test("discarding that reports the loss itself changes nothing", async () => {
  let made = 0;
  const discarded: number[] = [];
  const lasting = createLasting<number>({
    connect: async () => ++made,
    discard: (connected) => {
      discarded.push(connected);
      lasting.lose(connected);
    },
    grace: GRACE,
  });
  await lasting.current();
  lasting.lose(1);
  await pass(100);
  expect(discarded).toEqual([1]);
  expect(lasting.current()).toBe(2);
});

test("attempts never end: after a day it connects as after a second", async () => {
  const f = fixture();
  await f.lasting.current();
  f.outcome = "fail";
  f.lasting.lose();
  const hours = 24;
  for (let hour = 1; hour <= hours; hour++) {
    const { attempts } = f;
    await pass(3_600_000, 500);
    expect(f.attempts).toBeGreaterThan(attempts + 3000);
  }
  f.outcome = "connect";
  await pass(1100);
  expect(f.lasting.current()).toBe(2);
});

test("within the grace period callers wait, and all get the connection that is made at last", async () => {
  const f = fixture("fail");
  const calls = [f.lasting.current(), f.lasting.current()];
  await pass(GRACE / 2);
  calls.push(f.lasting.current());
  expect(await Promise.all(calls.map(stateOf))).toEqual(["pending", "pending", "pending"]);
  f.outcome = "connect";
  await pass(1100);
  expect(await Promise.all(calls)).toEqual([1, 1, 1]);
});

test("after it a caller learns what the next attempt meets, which it does not wait long for", async () => {
  const f = fixture();
  await f.lasting.current();
  await outage(f);
  await pass(10_000);
  const { attempts } = f;
  const call = f.lasting.current();
  await pass(30);
  expect(await stateOf(call)).toBe(`attempt ${attempts + 1}`);
  expect(f.lasting.lastError).toEqual(new Error(`attempt ${attempts + 1}`));
});

test("the first call after the outage gets the connection", async () => {
  const f = fixture();
  await f.lasting.current();
  await outage(f);
  await pass(10_000);
  f.outcome = "connect";
  const call = f.lasting.current();
  await pass(30);
  expect(await stateOf(call)).toBe(2);
});

test("who asks while a failing attempt is under way hears of the next one, and soon", async () => {
  const f = fixture();
  await f.lasting.current();
  await outage(f);
  f.outcome = "hang";
  await pass(2000);
  const { attempts } = f;
  const call = f.lasting.current();
  f.finish(new Error("too early for it"));
  f.outcome = "connect";
  await pass(30);
  expect(f.attempts).toBe(attempts + 1);
  expect(await stateOf(call)).toBe(2);
});

test("who asks while an attempt is under way gets what that one made", async () => {
  const f = fixture();
  await f.lasting.current();
  await outage(f);
  f.outcome = "hang";
  await pass(2000);
  const call = f.lasting.current();
  f.finish();
  expect(await stateOf(call)).toBe(2);
  expect(f.lasting.lastError).toBeUndefined();
});

test("many calls in an outage make no more than one attempt in 25 ms", async () => {
  const f = fixture();
  await f.lasting.current();
  await outage(f);
  const { attempts } = f;
  for (let n = 0; n < 200; n++) {
    for (let caller = 0; caller < 10; caller++) void stateOf(f.lasting.current());
    await pass(5);
  }
  expect(f.attempts - attempts).toBeLessThanOrEqual(1000 / 25);
});

test("close rejects all who wait, at once, discards the connection, and may be repeated", async () => {
  const f = fixture("hang");
  const early = f.lasting.current();
  await pass(GRACE + 100);
  const late = f.lasting.current();
  f.lasting.close();
  f.lasting.close();
  const closed = "The Redis client has been closed.";
  expect(await Promise.all([early, late, f.lasting.current()].map(stateOf))).toEqual([
    closed,
    closed,
    closed,
  ]);
  f.finish();
  await pass(100);
  expect(f.discarded).toEqual([1]);
  expect(f.attempts).toBe(1);
});

test("closed while it is connected: the connection is discarded, and no other is made", async () => {
  const f = fixture();
  await f.lasting.current();
  f.lasting.close();
  await pass(5000);
  expect([f.discarded, f.attempts]).toEqual([[1], 1]);
});

test("closed between two attempts: there is no further one", async () => {
  const f = fixture("fail");
  void stateOf(f.lasting.current());
  await pass(500);
  const { attempts } = f;
  f.lasting.close();
  await pass(10_000);
  expect(f.attempts).toBe(attempts);
});
