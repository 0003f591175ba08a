import { afterEach, expect, jest, test } from "bun:test";
import { createSweeper, SWEEP_BATCH } from "./sweeper.ts";

afterEach(() => void jest.useRealTimers());

/** Gives these counts one after the other, and then none. */
function batches(...counts: (number | Error)[]): {
  removeSome: (limit: number) => Promise<number>;
  limits: number[];
} {
  const limits: number[] = [];
  return {
    limits,
    async removeSome(limit) {
      limits.push(limit);
      const count = counts.shift() ?? 0;
      if (count instanceof Error) throw count;
      return count;
    },
  };
}

test("sweeps batch after batch, until one is not full", async () => {
  const { removeSome, limits } = batches(SWEEP_BATCH, SWEEP_BATCH, 7);
  expect(await createSweeper(0, removeSome).sweep()).toBe(2 * SWEEP_BATCH + 7);
  expect(limits.length).toBe(3);
});

test("two sweeps at once are one", async () => {
  const { removeSome, limits } = batches(5, 5);
  const sweeper = createSweeper(0, removeSome);
  expect(await Promise.all([sweeper.sweep(), sweeper.sweep()])).toEqual([5, 5]);
  expect(limits.length).toBe(1);
});

test("comes within one and a half intervals, and goes on after a failure", async () => {
  jest.useFakeTimers();
  const { removeSome, limits } = batches(new Error("away"), 0, 0);
  const sweeper = createSweeper(60, removeSome);
  for (let sweep = 1; sweep <= 3; sweep++) {
    jest.advanceTimersByTime(90_000);
    // The next one is planned once this one has ended.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(limits.length).toBeGreaterThanOrEqual(sweep);
  }
  await sweeper.stop();
  const swept = limits.length;
  jest.advanceTimersByTime(900_000);
  expect(limits.length).toBe(swept);
});

test("with 0 there is no timer, and a failure of a sweep that was asked for is told", async () => {
  jest.useFakeTimers();
  const { removeSome } = batches(new Error("away"));
  const sweeper = createSweeper(0, removeSome);
  expect(jest.getTimerCount()).toBe(0);
  expect(await sweeper.sweep().catch(String)).toBe("Error: away");
});

test("stopping waits for the batch under way, and begins no other", async () => {
  const batch = Promise.withResolvers<number>();
  let begun = 0;
  const sweeper = createSweeper(0, () => {
    begun += 1;
    return batch.promise;
  });
  const swept = sweeper.sweep();
  const stopped = sweeper.stop().then(() => "stopped");
  expect(await Promise.race([stopped, Promise.resolve("waits")])).toBe("waits");
  batch.resolve(SWEEP_BATCH);
  expect(await stopped).toBe("stopped");
  expect(await swept).toBe(SWEEP_BATCH);
  expect(begun).toBe(1);
});
