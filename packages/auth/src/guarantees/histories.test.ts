import { describe, test } from "bun:test";
import { createFourMethodStore, createTestClock } from "@ventostack/testing";
import { checkPrograms, type StoreUnderTest, stepping } from "@ventostack/testing/histories";
import { createMemorySessionStore, createSessionManager } from "../index.ts";

/** By their names, as the script of a history that failed names them. */
const stores = {
  memory: {
    name: "memory",
    open() {
      const clock = createTestClock();
      const store = createMemorySessionStore({ clock });
      return {
        clock,
        advance: clock.advance,
        manager: (options, takeTurn) =>
          createSessionManager(stepping(store, takeTurn), { ...options, clock }),
      };
    },
  },
  "four methods": {
    name: "four methods",
    open() {
      const clock = createTestClock();
      const store = createFourMethodStore(clock);
      return {
        clock,
        advance: clock.advance,
        isPlain: true,
        manager: (options, takeTurn) =>
          createSessionManager(stepping(store, takeTurn), { ...options, clock }),
      };
    },
  },
} satisfies Record<string, StoreUnderTest>;

describe("whatever several clients do at once, some order of their calls explains all answers (G1, G2, G3, G5)", () => {
  test("memory, a manager for each client", async () => {
    await checkPrograms(stores.memory, { byUser: true, runs: 300 });
  });

  test("four methods, one manager", async () => {
    await checkPrograms(stores["four methods"], { byUser: false, runs: 150 });
  });
});
