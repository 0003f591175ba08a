import { expect } from "bun:test";
import { createSessionManager, type SessionStore } from "@ventostack/auth-core";

export interface ManagerCase {
  readonly name: string;
  /** `another` gives a store with the same client under the same keys. */
  run(store: SessionStore, another: () => SessionStore): Promise<void>;
}

/** What many callers at once can rely on. The time limit leaves room for a machine with other work. */
const options = { storeTimeout: 10_000 };

/** More than log-out-everywhere needs to catch up with, and few enough that it is not outrun for ever. */
const MOVES = 25;

export const managerCases: readonly ManagerCase[] = [
  {
    name: "200 updates at once of one session are all kept",
    async run(store, another) {
      const managers = [store, another()].map((each) => createSessionManager(each, options));
      const { id } = (await managers[0]?.create({ userId: "ada" })) ?? { id: "" };
      const updates = Array.from({ length: 200 }, (_, at) =>
        managers[at % 2]?.update(id, { [`k${at}`]: at }),
      );
      await Promise.all(updates);
      const kept = await managers[0]?.get(id);
      expect(Object.keys(kept?.data ?? {})).toHaveLength(201);
    },
  },
  {
    name: "of 20 regenerates at once one gets the session, and the old id is dead",
    async run(store) {
      const sessions = createSessionManager(store, options);
      const { id } = await sessions.create({ userId: "ada" });
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => sessions.regenerate(id)));
      const winners = outcomes.filter((session) => session !== null);
      expect(winners).toHaveLength(1);
      expect(await sessions.get(id)).toBeNull();
      expect(await sessions.get(winners[0]?.id ?? "")).not.toBeNull();
      expect(await sessions.listByUser("ada")).toHaveLength(1);
    },
  },
  {
    name: "log-out-everywhere ends sessions that move to new ids meanwhile",
    async run(store, another) {
      const sessions = createSessionManager(store, options);
      const elsewhere = createSessionManager(another(), options);
      const made = await Promise.all(Array.from({ length: 8 }, () => sessions.create({ userId: "ada" })));
      const moves = made.map(async ({ id }) => {
        let current: string | undefined = id;
        for (let move = 0; current !== undefined && move < MOVES; move += 1) {
          current = (await elsewhere.regenerate(current))?.id;
        }
        return current;
      });
      expect(await sessions.destroyByUser("ada")).toBe(made.length);
      for (const id of await Promise.all(moves)) expect(id && (await sessions.get(id))).toBeFalsy();
      expect(await sessions.listByUser("ada")).toEqual([]);
    },
  },
];
