import { expectSame, expectTrue } from "../expect.ts";
import { race } from "../race.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

export const deadStaysDeadCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "nothing brings a deleted session back but set and insert",
    guarantee: "G1",
    needs: [],
    async run({ store, other, session }) {
      await store.set(session("a", { userKey: "u" }));
      await other.delete("a");
      await store.touch("a", 7200);
      expectSame(await store.get("a"), null, "what get gives after a touch");
      if (store.refresh) expectSame(await store.refresh("a", 7200), null, "what refresh gives");
      if (store.replace) {
        expectSame(await store.replace("a", session("a", { revision: 2 }), 1), "gone", "what replace gives");
        const moved = session("b", { revision: 2 });
        expectSame(await store.replace("a", moved, 1), "gone", "what replace under a new id gives");
        expectSame(await other.get("b"), null, "what is under the new id");
      }
      expectSame(await other.get("a"), null, "what get gives after all that");
      if (store.listByUser) expectSame(await store.listByUser("u"), [], "what its user has");
    },
  }),
  defineCase({
    name: "a touch that a delete overtakes leaves the session dead",
    guarantee: "G1",
    needs: ["atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        await store.set(session(id, round % 2 === 0 ? { userKey: "u" } : {}));
        return {
          first: () => store.touch(id, 7200),
          second: () => other.delete(id),
          check: async () => expectSame(await other.get(id), null, "what get gives"),
        };
      });
    },
  }),
  defineCase({
    name: "a refresh that a delete overtakes leaves the session dead",
    guarantee: "G1",
    needs: ["refresh", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        await store.set(session(id, round % 2 === 0 ? { userKey: "u" } : {}));
        return {
          first: () => store.refresh(id, 7200),
          second: () => other.delete(id),
          check: async () => expectSame(await other.get(id), null, "what get gives"),
        };
      });
    },
  }),
  defineCase({
    name: "an update that a delete overtakes leaves the session dead",
    guarantee: "G1",
    needs: ["replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        const given = session(id, { userKey: "u" });
        await store.set(given);
        const changes = [{ data: { changed: true } }, { userKey: "someone else" }, {}];
        return {
          first: () => store.replace(id, { ...given, ...changes[round % 3], revision: 2 }, 1),
          second: () => other.delete(id),
          check: async () => expectSame(await other.get(id), null, "what get gives"),
        };
      });
    },
  }),
  defineCase({
    name: "a change of id that a delete overtakes answers what has become of the session",
    guarantee: "G1",
    needs: ["replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const [id, newId] = [`old ${round}`, `new ${round}`];
        const given = session(id, { userKey: "u" });
        await store.set(given);
        return {
          first: () => store.replace(id, { ...given, id: newId, revision: 2 }, 1),
          second: () => other.delete(id),
          async check(outcome) {
            expectSame(await other.get(id), null, "what is under the old id");
            const moved = await other.get(newId);
            const answer = moved === null ? "gone" : "replaced";
            expectSame(
              outcome,
              answer,
              `with ${moved === null ? "nothing" : "it"} under the new id, the answer`,
            );
          },
        };
      });
    },
  }),
  defineCase({
    name: "a delete that other calls overtake ends the session",
    guarantee: "G1",
    needs: ["replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        const given = session(id, { userKey: "u" });
        await store.set(given);
        const calls = [
          () => other.replace(id, { ...given, data: { changed: true }, revision: 2 }, 1),
          () => other.touch(id, 7200),
          () => other.refresh?.(id, 7200),
        ];
        return {
          first: () => store.delete(id),
          second: async () => {
            for (const call of calls) await call();
          },
          check: async () => expectSame(await other.get(id), null, "what get gives"),
        };
      });
    },
  }),
  defineCase({
    name: "who has read a session that was deleted and made anew does not write over the new one",
    guarantee: "G1",
    needs: ["replace"],
    async run({ store, other, session }) {
      const first = session("a", { data: { life: 1 }, userKey: "u" });
      const second = session("a", { data: { life: 2 }, userKey: "v", revision: 5 });
      await store.set(first);
      await other.delete("a");
      await other.set(second);
      const late = { ...first, data: { life: 1, late: true }, revision: 2 };
      expectSame(await store.replace("a", late, 1), "changed", "what replace gives");
      expectSame(await store.replace("a", { ...late, id: "b" }, 1), "changed", "what a change of id gives");
      expectSame(await store.get("a"), second, "the new session");
      expectSame(await store.get("b"), null, "what is under the new id");
    },
  }),
  defineCase({
    name: "an update held while the session is deleted and made anew does not write over the new one",
    guarantee: "G1",
    needs: ["replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        const first = session(id, { userKey: "u" });
        const second = session(id, { data: { life: 2 }, revision: 5 });
        await store.set(first);
        return {
          first: () => store.replace(id, { ...first, data: { late: true }, revision: 2 }, 1),
          async second() {
            await other.delete(id);
            await other.set(second);
          },
          check: async () => expectSame((await other.get(id))?.data, { life: 2 }, "the new session's data"),
        };
      });
    },
  }),
  defineCase({
    name: "remove gives the live session that it ended, and null where there is none",
    guarantee: "G1",
    needs: ["remove"],
    async run({ store, other, session }) {
      const given = session("a", { userKey: "u", notes: { device: { label: "x" } } });
      expectSame(await store.remove("a"), null, "what remove gives for what is absent");
      await store.set(given);
      expectSame(await other.remove("a"), given, "what remove gives");
      expectSame(await store.get("a"), null, "what get gives after it");
      expectSame(await store.remove("a"), null, "what remove gives once more");
      if (store.listByUser) expectSame(await store.listByUser("u"), [], "what its user has");
    },
  }),
  defineCase({
    name: "of many clients that remove a session at once, one is given it",
    guarantee: "G1",
    needs: ["remove", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        await store.set(session(id, { userKey: "u" }));
        return {
          first: () => store.remove(id),
          second: () => other.remove(id),
          async check(...outcomes) {
            const given = outcomes.filter((outcome) => outcome !== null).length;
            expectSame(given, 1, "to how many of two it is given");
            expectSame(await other.get(id), null, "what get gives");
          },
        };
      });
    },
  }),
  defineCase({
    name: "of a remove and a change of id at once one has the session",
    guarantee: "G1",
    needs: ["remove", "replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      for (const firstRemoves of [true, false]) {
        await race(bench, async (round) => {
          const [id, newId] = [`old ${firstRemoves} ${round}`, `new ${firstRemoves} ${round}`];
          const given = session(id, { userKey: "u" });
          await store.set(given);
          const remove = async (client: typeof store) => (await client.remove(id)) !== null;
          const move = async (client: typeof store) =>
            (await client.replace(id, { ...given, id: newId, revision: 2 }, 1)) === "replaced";
          return {
            first: () => (firstRemoves ? remove(store) : move(store)),
            second: () => (firstRemoves ? move(other) : remove(other)),
            async check(...outcomes) {
              expectSame(outcomes.filter(Boolean).length, 1, "how many of the two say that they had it");
              expectSame(await other.get(id), null, "what is under the old id");
              const hasMoved = (await other.get(newId)) !== null;
              expectSame(hasMoved, outcomes[firstRemoves ? 1 : 0], "whether it is under the new id");
            },
          };
        });
      }
    },
  }),
  defineCase({
    name: "a remove that an update overtakes ends the session",
    guarantee: "G1",
    needs: ["remove", "replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        const given = session(id, { userKey: "u" });
        await store.set(given);
        return {
          first: () => store.remove(id),
          second: () => other.replace(id, { ...given, data: { changed: true }, revision: 2 }, 1),
          async check(removed) {
            expectTrue(removed !== null, "The session was there all the time, and remove has to give it.");
            expectSame(await other.get(id), null, "what get gives");
          },
        };
      });
    },
  }),
];
