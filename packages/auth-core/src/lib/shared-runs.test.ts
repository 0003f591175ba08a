import { describe, expect, test } from "bun:test";
import { createSharedRuns } from "./shared-runs.ts";

function steps() {
  const begun: PromiseWithResolvers<string>[] = [];
  const run = createSharedRuns(() => {
    const step = Promise.withResolvers<string>();
    begun.push(step);
    return step.promise;
  });
  const settle = async (at: number, how: (step: PromiseWithResolvers<string>) => void): Promise<void> => {
    const step = begun[at];
    if (step === undefined) throw new Error(`Run ${at} has not begun.`);
    how(step);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, run, settle };
}

describe("shared runs", () => {
  test("all who ask while one is under way share the next one, which begins after that", async () => {
    const { begun, run, settle } = steps();
    const first = run("a");
    const others = [run("a"), run("a"), run("a")];
    expect(begun).toHaveLength(1);
    await settle(0, ({ resolve }) => resolve("first"));
    expect(begun).toHaveLength(2);
    const late = run("a");
    await settle(1, ({ resolve }) => resolve("second"));
    await settle(2, ({ resolve }) => resolve("third"));
    expect(await Promise.all([first, ...others, late])).toEqual([
      "first",
      "second",
      "second",
      "second",
      "third",
    ]);
    expect(begun).toHaveLength(3);
  });

  test("one that fails is told to its own callers, and the next one begins all the same", async () => {
    const { run, settle } = steps();
    const first = run("a").catch((error: unknown) => error);
    const second = run("a");
    await settle(0, ({ reject }) => reject(new Error("down")));
    await settle(1, ({ resolve }) => resolve("second"));
    expect(await first).toEqual(new Error("down"));
    expect(await second).toBe("second");
  });

  test("keys do not wait for each other, and one that is done is begun anew", async () => {
    const { begun, run, settle } = steps();
    void run("a");
    void run("b");
    expect(begun).toHaveLength(2);
    await settle(0, ({ resolve }) => resolve("done"));
    void run("a");
    expect(begun).toHaveLength(3);
  });
});
