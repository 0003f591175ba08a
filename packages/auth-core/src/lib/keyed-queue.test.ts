import { describe, expect, test } from "bun:test";
import { createKeyedQueue } from "./keyed-queue.ts";

describe("a keyed queue", () => {
  test("runs tasks of one key one at a time, in order, and those of another key meanwhile", async () => {
    const queue = createKeyedQueue();
    const log: string[] = [];
    const first = Promise.withResolvers<void>();
    const running = [
      queue.run("a", async () => {
        log.push("a1 begins");
        await first.promise;
        log.push("a1 ends");
      }),
      queue.run("a", async () => log.push("a2")),
      queue.run("b", async () => log.push("b1")),
    ];
    await running[2];
    expect(log).toEqual(["a1 begins", "b1"]);
    first.resolve();
    await Promise.all(running);
    expect(log).toEqual(["a1 begins", "b1", "a1 ends", "a2"]);
  });

  test("a task that fails tells its caller alone", async () => {
    const queue = createKeyedQueue();
    const failing = queue.run("a", async () => {
      throw new Error("mine");
    });
    const next = queue.run("a", async () => "fine");
    expect(await failing.catch(String)).toBe("Error: mine");
    expect(await next).toBe("fine");
  });

  test("holds nothing once its tasks are done", async () => {
    const queue = createKeyedQueue();
    const tasks = Array.from({ length: 100 }, (_, index) => queue.run(`k${index % 10}`, async () => index));
    expect(queue.size).toBe(10);
    await Promise.all(tasks);
    expect(queue.size).toBe(0);
  });
});
