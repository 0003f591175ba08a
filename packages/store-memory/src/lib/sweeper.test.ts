import { describe, expect, spyOn, test } from "bun:test";
import { clocked } from "./clocked-store.test-kit.ts";
import { createMemorySessionStore, type MemorySessionStore } from "./memory-session-store.ts";

async function emptied(store: MemorySessionStore): Promise<void> {
  while (store.size > 0) await new Promise((resolve) => setImmediate(resolve));
}

describe("G8 bounded: the sweep", () => {
  test("a sweep removes every expired session and its index entry, and no live one", async () => {
    const { store, record, advance } = clocked();
    for (let index = 0; index < 5000; index++)
      store.insert(record(`old${index}`, { userKey: `u${index % 7}` }));
    advance(5000);
    for (let index = 0; index < 3000; index++)
      store.insert(record(`new${index}`, { userKey: `u${index % 7}` }));
    advance(5000);
    expect(await store.sweep()).toBe(5000);
    expect(store.size).toBe(3000);
    expect(store.listByUser("u0").length).toBe(Math.ceil(3000 / 7));
    expect(await store.sweep()).toBe(0);
  });

  test.each([20_000, 38_000, 45_000, 55_000, 70_000])(
    "a sweep ends where sessions have %d bytes",
    async (bytes) => {
      const { store, record } = clocked();
      for (let index = 0; index < 40; index++) {
        store.insert(record(`s${index}`, { data: { text: "x".repeat(bytes - (index % 3) * 1000) } }));
      }
      for (let index = 0; index < 40; index += 4) store.remove(`s${index}`);
      expect([await store.sweep(), store.size]).toEqual([0, 30]);
    },
  );

  test("a sweep lets other work in between, and what that changes stands", async () => {
    const { store, record, advance } = clocked({ maxSessions: 200_000 });
    for (let index = 0; index < 100_000; index++) store.insert(record(`s${index}`));
    advance(10_000);
    const sweeping = store.sweep();
    let turns = 0;
    let done = false;
    const counting = (async () => {
      while (!done) {
        turns++;
        store.insert(record(`during${turns}`));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    expect(await sweeping).toBe(100_000);
    done = true;
    await counting;
    expect(turns).toBeGreaterThan(1);
    expect(store.size).toBe(turns);
  });

  test("the sweep runs by itself, and stops when nothing is left", async () => {
    const store = createMemorySessionStore({ sweepInterval: 0.001 });
    await store.set({ id: "a", data: {}, expiresAt: Date.now() + 1 });
    // No read: only the sweep can have removed it.
    await emptied(store);
    expect(store.size).toBe(0);
    await store.set({ id: "b", data: {}, expiresAt: Date.now() + 1 });
    await emptied(store);
    expect(store.size).toBe(0);
  });

  test("does not hold the process alive", async () => {
    const program = `
      import { createMemorySessionStore } from ${JSON.stringify(`${import.meta.dir}/../index.ts`)};
      const store = createMemorySessionStore({ sweepInterval: 1000 });
      await store.set({ id: "a", data: {}, expiresAt: Date.now() + 1e9 });
      console.log("done");
    `;
    const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "inherit" });
    expect(await new Response(child.stdout).text()).toBe("done\n");
    expect(await child.exited).toBe(0);
  });

  test("comes again while there are entries, without any further write", async () => {
    let now = 0;
    let reads = 0;
    const clock = () => {
      // Of no concern to the first sweeps, which read the time once each.
      if (reads++ > 20) now = 1;
      return now;
    };
    const store = createMemorySessionStore({ sweepInterval: 0.001, clock });
    await store.set({ id: "a", data: {}, expiresAt: 1 });
    await emptied(store);
    expect(reads).toBeGreaterThan(20);
  });

  test("asked for during another waits for that one", async () => {
    const { store, record, advance } = clocked();
    for (let index = 0; index < 100_000; index++) store.insert(record(`s${index}`));
    advance(10_000);
    expect(await Promise.all([store.sweep(), store.sweep()])).toEqual([100_000, 100_000]);
  });

  test("has its timer stopped by close", async () => {
    const started = spyOn(globalThis, "setTimeout");
    const stopped = spyOn(globalThis, "clearTimeout");
    try {
      const { store, record } = clocked();
      store.insert(record("a"));
      await store.close();
      const timers = started.mock.results.map(({ value }) => value);
      expect(timers.length).toBe(1);
      expect(stopped.mock.calls.map(([timer]): unknown => timer)).toEqual(timers);
    } finally {
      started.mockRestore();
      stopped.mockRestore();
    }
  });
});
