import type { SessionStore, StoredSession } from "@ventostack/auth-core";
import { broken, expectSame, expectTrue } from "../expect.ts";
import { race } from "../race.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

const WRITERS = 8;
const WRITES = 5;

export const lostUpdateCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "insert writes only where there is no live session",
    guarantee: "G2",
    needs: ["insert"],
    async run({ store, other, session }) {
      const first = session("a", { data: { at: 1 }, userKey: "u" });
      expectSame(await store.insert(first), true, "what insert gives");
      expectSame(await other.get("a"), first, "what get gives");
      expectSame(await other.insert(session("a", { data: { at: 2 } })), false, "what a second insert gives");
      expectSame(await store.get("a"), first, "what get gives after it");
      await store.delete("a");
      expectSame(await store.insert(session("a", { data: { at: 3 } })), true, "insert after delete");
      expectSame((await other.get("a"))?.data, { at: 3 }, "the data after that");
    },
  }),
  defineCase({
    name: "of many clients that insert under one id at once, one does",
    guarantee: "G2",
    needs: ["insert", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        return {
          first: () => store.insert(session(id, { data: { by: 0 }, userKey: "u" })),
          second: () => other.insert(session(id, { data: { by: 1 }, userKey: "u" })),
          async check(...outcomes) {
            expectSame(outcomes.filter(Boolean).length, 1, "how many of two have inserted");
            expectSame((await store.get(id))?.data, { by: outcomes.indexOf(true) }, "the data");
          },
        };
      });
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, by) =>
          (by % 2 === 0 ? store : other).insert(session("many", { data: { by } })),
        ),
      );
      expectSame(outcomes.filter(Boolean).length, 1, "how many of 20 have inserted");
      expectSame((await store.get("many"))?.data, { by: outcomes.indexOf(true) }, "the data");
    },
  }),
  defineCase({
    name: "replace writes where the session has the revision, and says what it did",
    guarantee: "G2",
    needs: ["replace"],
    async run({ store, other, session }) {
      const first = session("a", { data: { a: 1, b: 1 }, userKey: "u", notes: { device: {} } });
      expectSame(await store.replace("a", first, 1), "gone", "what replace gives where there is nothing");
      expectSame(await store.get("a"), null, "what get gives after it");
      await store.set(first);
      const second = { ...first, data: { a: 2 }, revision: 77, notes: { device: { label: "x" } } };
      expectSame(await other.replace("a", second, 2), "changed", "what replace of another revision gives");
      expectSame(await store.get("a"), first, "what get gives after it");
      expectSame(await other.replace("a", second, 1), "replaced", "what replace of the revision gives");
      expectSame(await store.get("a"), second, "what get gives after it");
      expectSame(await other.replace("a", second, 1), "changed", "what replace of the old revision gives");
      const { userKey: _, notes: __, ...bare } = { ...second, data: {}, revision: 78 };
      expectSame(await store.replace("a", bare, 77), "replaced", "what replace by less gives");
      expectSame(await other.get("a"), bare, "what get gives after it");
    },
  }),
  defineCase({
    name: "replace under a new id moves the session, or changes nothing",
    guarantee: "G2",
    needs: ["replace"],
    async run({ store, other, session }) {
      const first = session("old", { userKey: "u" });
      const moved = { ...first, id: "new", data: { moved: true }, revision: 2 };
      await store.set(first);
      expectSame(await store.replace("old", moved, 9), "changed", "what it gives for another revision");
      expectSame(await other.get("old"), first, "what is under the old id after it");
      expectSame(await other.get("new"), null, "what is under the new id after it");
      expectSame(await store.replace("old", moved, 1), "replaced", "what it gives");
      expectSame(await other.get("old"), null, "what is under the old id");
      expectSame(await other.get("new"), moved, "what is under the new id");
    },
  }),
  defineCase({
    name: "replace under an id that is in use changes nothing",
    guarantee: "G2",
    needs: ["replace"],
    async run({ store, other, session }) {
      const [a, b] = [session("a", { userKey: "u" }), session("b", { userKey: "v" })];
      await store.set(a);
      await store.set(b);
      expectSame(await store.replace("a", { ...a, id: "b", revision: 2 }, 1), "changed", "what it gives");
      expectSame([await other.get("a"), await other.get("b")], [a, b], "the two sessions");
    },
  }),
  defineCase({
    name: "of two updates of one revision one is written, and the other says that it is not",
    guarantee: "G2",
    needs: ["replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        const given = session(id, { userKey: "u" });
        await store.set(given);
        const users = [undefined, "someone else"][round % 2];
        const by = (client: number): StoredSession => ({
          ...given,
          ...(users !== undefined && client === 0 && { userKey: users }),
          data: { by: client },
          revision: 10 + client,
        });
        return {
          first: () => store.replace(id, by(0), 1),
          second: () => other.replace(id, by(1), 1),
          async check(...outcomes) {
            expectSame([...outcomes].sort(), ["changed", "replaced"], "what the two give");
            const winner = outcomes.indexOf("replaced");
            expectSame((await store.get(id))?.data, { by: winner }, "the data");
          },
        };
      });
    },
  }),
  defineCase({
    name: "of two clients that move a session at once one has it, and the other's id is dead",
    guarantee: "G2",
    needs: ["replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        const given = session(id, { userKey: "u" });
        await store.set(given);
        const ids = [`${id} a`, `${id} b`];
        const moved = (client: number): StoredSession => ({
          ...given,
          id: ids[client] ?? "",
          revision: 10 + client,
        });
        return {
          first: () => store.replace(id, moved(0), 1),
          second: () => other.replace(id, moved(1), 1),
          async check(...outcomes) {
            const winners = outcomes.filter((outcome) => outcome === "replaced").length;
            expectSame(winners, 1, "how many of two have moved it");
            expectSame(await store.get(id), null, "what is under the old id");
            for (const [client, newId] of ids.entries()) {
              const there = (await store.get(newId)) !== null;
              expectSame(there, outcomes[client] === "replaced", `whether it is under the id of ${client}`);
            }
          },
        };
      });
    },
  }),
  defineCase({
    name: "an update is not lost to a change of id at the same time",
    guarantee: "G2",
    needs: ["replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const [id, newId] = [`old ${round}`, `new ${round}`];
        const given = session(id, { userKey: "u" });
        await store.set(given);
        return {
          first: () => store.replace(id, { ...given, id: newId, revision: 2 }, 1),
          second: () => other.replace(id, { ...given, data: { updated: true }, revision: 3 }, 1),
          async check(move, update) {
            const winners = [move, update].filter((outcome) => outcome === "replaced").length;
            expectSame(winners, 1, "how many of two have written");
            const data = (await store.get(move === "replaced" ? newId : id))?.data;
            expectSame(data, move === "replaced" ? given.data : { updated: true }, "the data");
          },
        };
      });
    },
  }),
  defineCase({
    name: "a touch is not lost to an update at the same time, nor the update to it",
    guarantee: "G3",
    needs: ["replace", "atomic"],
    async run(bench) {
      const { store, other, session, clock } = bench;
      for (const firstUpdates of [true, false]) {
        await race(bench, async (round) => {
          const id = `${firstUpdates} ${round}`;
          const given = session(id, { userKey: "u" });
          await store.set(given);
          const end = clock.now() + 90_000_000 - 1000;
          const update = (client: typeof store) =>
            client.replace(id, { ...given, data: { updated: true }, revision: 2 }, 1);
          return {
            first: async (): Promise<unknown> => (firstUpdates ? update(store) : store.touch(id, 90_000)),
            second: async (): Promise<unknown> => (firstUpdates ? other.touch(id, 90_000) : update(other)),
            async check() {
              const found = await store.get(id);
              expectSame(found?.data, { updated: true }, "the data");
              expectTrue((found?.expiresAt ?? 0) > end, "The update has taken back what the touch gave.");
            },
          };
        });
      }
    },
  }),
  defineCase({
    name: `${WRITERS} clients that read, merge and replace lose none of their updates`,
    guarantee: "G2",
    needs: ["load", "replace", "atomic"],
    async run({ store, other, session }) {
      await store.set(session("a", { data: {} }));
      let revision = 10;
      const writer = async (number: number): Promise<void> => {
        const client = number % 2 === 0 ? store : other;
        for (let write = 0; write < WRITES; write++) {
          await update(client, { [`w${number} ${write}`]: write }, () => ++revision);
        }
      };
      await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
      const names = Object.keys((await store.get("a"))?.data ?? {});
      expectSame(names.length, WRITERS * WRITES, "how many of their names are there");
    },
  }),
];

/** Each round of all writers lets one of them through. */
const MAX_ATTEMPTS = WRITERS * WRITES * 2;

async function update(
  client: SessionStore,
  patch: StoredSession["data"],
  nextRevision: () => number,
): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const found = await client.load?.("a");
    if (!found) throw broken("The session has to be there.");
    const changed = { ...found, data: { ...found.data, ...patch }, revision: nextRevision() };
    const outcome = await client.replace?.("a", changed, found.revision);
    if (outcome === "replaced") return;
    if (outcome !== "changed") throw broken(`replace has to give "changed" then, and gives ${outcome}.`);
  }
  throw broken(`Of ${MAX_ATTEMPTS} attempts to update the session none succeeded.`);
}
