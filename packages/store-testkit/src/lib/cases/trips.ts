import type { Bench } from "../bench.ts";
import { expectTrue } from "../expect.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

export const tripCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "a read takes one trip, whether the session is there or not",
    guarantee: "G10",
    needs: ["steps"],
    async run(bench) {
      const { store, session } = bench;
      await store.set(session("a", { userKey: "u" }));
      const read = (id: string): unknown => (store.load ? store.load(id) : store.get(id));
      // The first may have something to prepare.
      await read("a");
      for (const id of ["a", "absent"]) await expectOneTrip(bench, "A read", () => read(id));
    },
  }),
  defineCase({
    name: "a refresh that has nothing to extend takes one trip",
    guarantee: "G10",
    needs: ["steps", "refresh"],
    async run(bench) {
      const { store, session } = bench;
      await store.set(session("a", { userKey: "u" }));
      const refresh = (): unknown => store.refresh("a", 3600, 60);
      await refresh();
      await expectOneTrip(bench, "A refresh with more than whenBelow left", refresh);
    },
  }),
];

async function expectOneTrip({ steps }: Bench, what: string, call: () => unknown): Promise<void> {
  const before = steps.count;
  await call();
  const trips = steps.count - before;
  expectTrue(trips === 1, `${what} takes ${trips} trips, and could take one.`);
}
