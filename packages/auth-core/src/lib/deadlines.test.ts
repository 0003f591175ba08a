import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { createDeadlines } from "./deadlines.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Deadlines of 100 ms that note down their names as they pass. */
function noted() {
  const deadlines = createDeadlines(100);
  const passed: string[] = [];
  return { ...deadlines, passed, start: (name: string) => deadlines.begin(() => void passed.push(name)) };
}

describe("deadlines", () => {
  test("each passes when its time is over, and not before", () => {
    const { start, passed } = noted();
    start("first");
    jest.advanceTimersByTime(60);
    start("second");
    jest.advanceTimersByTime(39);
    expect(passed).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(passed).toEqual(["first"]);
    jest.advanceTimersByTime(59);
    expect(passed).toEqual(["first"]);
    jest.advanceTimersByTime(1);
    expect(passed).toEqual(["first", "second"]);
  });

  test.each([0, 1, 2])("of three, the one at %p that has ended does not pass, and the others do", (at) => {
    const { start, end, passed } = noted();
    const begun = ["a", "b", "c"].map(start);
    const ended = begun[at];
    if (ended !== undefined) {
      end(ended);
      end(ended);
    }
    jest.advanceTimersByTime(100);
    expect(passed).toEqual(["a", "b", "c"].toSpliced(at, 1));
  });

  test("one that starts anew passes a whole time later, after those that began meanwhile", () => {
    const { start, restart, passed } = noted();
    const first = start("first");
    jest.advanceTimersByTime(50);
    start("second");
    jest.advanceTimersByTime(30);
    restart(first);
    jest.advanceTimersByTime(99);
    expect(passed).toEqual(["second"]);
    jest.advanceTimersByTime(1);
    expect(passed).toEqual(["second", "first"]);
  });

  test("one that is over does not start anew", () => {
    const { start, end, restart, passed } = noted();
    const ended = start("ended");
    end(ended);
    restart(ended);
    restart(start("passes"));
    jest.advanceTimersByTime(1000);
    expect(passed).toEqual(["passes"]);
  });

  test("one that begins as another passes has its whole time", () => {
    const { begin } = createDeadlines(100);
    const passed: string[] = [];
    begin(() => {
      passed.push("first");
      begin(() => void passed.push("second"));
    });
    jest.advanceTimersByTime(199);
    expect(passed).toEqual(["first"]);
    jest.advanceTimersByTime(1);
    expect(passed).toEqual(["first", "second"]);
  });

  test("one that is held on to, since its call never ends, keeps none of those after it in memory", () => {
    const { start, end } = noted();
    const [hanging, next, last] = [start("hanging"), start("next"), start("last")];
    end(hanging);
    end(next);
    start("later");
    for (const ended of [hanging, next]) {
      expect([ended.earlier, ended.later]).toEqual([undefined, undefined]);
    }
    expect(last.later).toBeDefined();
  });

  test("what one throws keeps none of the others from passing", () => {
    const { begin } = createDeadlines(100);
    const passed: string[] = [];
    begin(() => {
      throw new Error("thrown");
    });
    begin(() => void passed.push("same time"));
    jest.advanceTimersByTime(50);
    begin(() => void passed.push("later"));
    expect(() => jest.advanceTimersByTime(50)).toThrow("thrown");
    jest.advanceTimersByTime(50);
    expect(passed).toEqual(["same time", "later"]);
  });

  test("any number of them have one timer", () => {
    const { start, end } = noted();
    const begun = Array.from({ length: 1000 }, (_, at) => start(String(at)));
    expect(jest.getTimerCount()).toBe(1);
    for (const deadline of begun.slice(1)) end(deadline);
    expect(jest.getTimerCount()).toBe(1);
    for (const deadline of begun) end(deadline);
    expect(jest.getTimerCount()).toBe(0);
    start("later");
    expect(jest.getTimerCount()).toBe(1);
  });
});
