import { expect, test } from "bun:test";
import { until } from "./until.ts";

test("it returns what the condition gives at last", async () => {
  let calls = 0;
  const value = await until(() => {
    calls += 1;
    if (calls === 1) throw new Error("not yet");
    return calls === 3 ? 0 : undefined;
  });
  expect(value).toBe(0);
  expect(calls).toBe(3);
});

test("it gives up in time, also on a condition that hangs, and says why", async () => {
  await expect(until(() => false, 20, "the moon")).rejects.toThrow("Not within 20 ms: the moon");
  await expect(until(() => new Promise<boolean>(() => {}), 20)).rejects.toThrow("It did not answer.");
  const failing = (): boolean => {
    throw new Error("the cause");
  };
  await expect(until(failing, 20)).rejects.toThrow("the cause");
});
