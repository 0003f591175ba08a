import type { SessionStore, StoredSession } from "@ventostack/auth-core";
import { expectSame } from "../expect.ts";
import { expectEnd, onShortLife, SKEW } from "../lifetime.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

/** More than a store may read at once. */
const MANY = 300;

export const byUserCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "listByUser gives the user's live sessions whole, and no others",
    guarantee: "G5",
    needs: ["listByUser"],
    async run({ store, other, session }) {
      expectSame(await store.listByUser("ada"), [], "what a user without sessions has");
      const given = session("a", { userKey: "ada", data: { list: [1] }, notes: { device: { label: "x" } } });
      await store.set(given);
      await store.set(session("b", { userKey: "adam" }));
      await store.set(session("c"));
      expectSame(await other.listByUser("ada"), [given], "what listByUser gives");
      await other.delete("a");
      expectSame(await store.listByUser("ada"), [], "what listByUser gives after delete");
    },
  }),
  defineCase({
    name: "listByUser gives the sessions in the order in which they joined the user",
    guarantee: "G5",
    needs: ["listByUser", "insert", "replace"],
    async run({ store, other, session, clock }) {
      const expectOrder = async (ids: readonly string[], when: string): Promise<void> =>
        expectSame(idsOf(await other.listByUser("ada")), ids, `the order ${when}`);
      for (const id of ["d", "b", "c", "a"]) {
        await store.insert(session(id, { userKey: id === "c" ? "grace" : "ada" }));
        // Stores may order by the millisecond.
        await clock.advance(2);
      }
      await expectOrder(["d", "b", "a"], "of insertion");
      await store.touch("d", 7200);
      await store.replace("b", session("b", { userKey: "ada", data: { updated: true }, revision: 2 }), 1);
      await clock.advance(2);
      await expectOrder(["d", "b", "a"], "after a touch and an update");
      await store.replace("d", session("0", { userKey: "ada", revision: 2 }), 1);
      await clock.advance(2);
      await expectOrder(["b", "a", "0"], "once the first has moved to a new id");
      await store.replace("c", session("c", { userKey: "ada", revision: 2 }), 1);
      await expectOrder(["b", "a", "0", "c"], "once another user's session has been given to this one");
    },
  }),
  defineCase({
    name: "deleteByUser ends the user's sessions but one, counts the live ones, and ends no others",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser"],
    async run({ store, other, session }) {
      for (const id of ["a", "b", "c", "d"]) await store.set(session(id, { userKey: "ada" }));
      await store.set(session("other", { userKey: "ada2" }));
      await store.set(session("anonymous"));
      await store.delete("d");
      expectSame(await other.deleteByUser("ada", { except: "b" }), 2, "how many it ends of three but one");
      expectSame(idsOf(await store.listByUser("ada")), ["b"], "what is left of them");
      expectSame(await store.get("a"), null, "what get gives for one that it ended");
      expectSame((await store.get("b"))?.id, "b", "the id of the one that it left");
      expectSame(await other.deleteByUser("ada", { except: "other" }), 1, "how many it ends of one");
      expectSame(await other.deleteByUser("ada"), 0, "how many it ends of none");
      expectSame(await other.deleteByUser("nobody"), 0, "how many it ends of a user without sessions");
      for (const id of ["other", "anonymous"]) expectSame((await store.get(id))?.id, id, "the id of others'");
    },
  }),
  defineCase({
    name: "deleteByUser tells the id of each live session that it ended, once",
    guarantee: "G5",
    needs: ["deleteByUser"],
    async run({ store, other, session }) {
      for (const id of ["a", "b", "c", "d"]) await store.set(session(id, { userKey: "ada" }));
      await store.set(session("other", { userKey: "grace" }));
      await store.delete("d");
      const ended: string[] = [];
      const count = await other.deleteByUser("ada", { except: "b", onEnded: (id) => ended.push(id) });
      expectSame(ended.sort(), ["a", "c"], "what onEnded is told");
      expectSame(count, 2, "what deleteByUser gives");
    },
  }),
  defineCase({
    name: "an expired session is neither listed nor counted",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser"],
    async run(bench) {
      const { store, other, session, clock } = bench;
      await store.set(session("living", { userKey: "ada" }));
      const { id, expiresAt } = await onShortLife(bench, (life) =>
        store.set(session(life.id, { ...life, userKey: "ada" })),
      );
      const listed = async (): Promise<boolean> => idsOf(await other.listByUser("ada")).includes(id);
      await expectEnd(bench, expiresAt, listed);
      await clock.advance(SKEW);
      const ended: string[] = [];
      const count = await other.deleteByUser("ada", { onEnded: (endedId) => ended.push(endedId) });
      expectSame([count, ended], [1, ["living"]], "how many deleteByUser ends, and what onEnded is told");
    },
  }),
  defineCase({
    name: "a session that changes hands is found under its new user only",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser", "replace"],
    async run({ store, other, session }) {
      const given = session("a", { userKey: "ada" });
      await store.set(given);
      await store.replace("a", { ...given, userKey: "grace", revision: 2 }, 1);
      expectSame(await other.listByUser("ada"), [], "what the old user has");
      expectSame(await other.deleteByUser("ada"), 0, "how many of the old user's are ended");
      expectSame(idsOf(await other.listByUser("grace")), ["a"], "what the new user has");
      await store.replace("a", { ...given, revision: 3 }, 2);
      expectSame(idsOf(await other.listByUser("ada")), ["a"], "what the old user has, given it back");
      expectSame(await other.listByUser("grace"), [], "what the one in between has");
      const { userKey: _, ...anonymous } = given;
      await store.replace("a", { ...anonymous, revision: 4 }, 3);
      expectSame(await other.deleteByUser("ada"), 0, "how many are ended of who had it, now that nobody has");
      expectSame((await store.get("a"))?.id, "a", "the id of the session");
      await store.replace("a", { ...given, userKey: "grace", revision: 5 }, 4);
      expectSame(await other.deleteByUser("grace"), 1, "how many are ended of who has it at last");
      expectSame(await store.get("a"), null, "what get gives after that");
    },
  }),
  defineCase({
    name: "a session that is set for another user is found under that one only",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser"],
    async run({ store, other, session }) {
      await store.set(session("a", { userKey: "ada" }));
      await store.set(session("a", { userKey: "grace", revision: 2 }));
      expectSame(await other.listByUser("ada"), [], "what the first user has");
      expectSame(await other.deleteByUser("ada"), 0, "how many of the first user's are ended");
      expectSame(await other.deleteByUser("grace"), 1, "how many of the second user's are ended");
      await store.set(session("b", { userKey: "ada" }));
      await store.set(session("b", { revision: 2 }));
      expectSame(await other.deleteByUser("ada"), 0, "how many are ended of who had it, now that nobody has");
      expectSame((await store.get("b"))?.id, "b", "the id of the session");
    },
  }),
  defineCase({
    name: "a session is found under its user after every kind of write",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser", "insert", "replace", "refresh"],
    async run({ store, other, session }) {
      const expectFound = async (id: string, after: string): Promise<void> =>
        expectSame(idsOf(await other.listByUser("ada")), [id], `what the user has after ${after}`);
      await store.insert(session("a", { userKey: "ada" }));
      await expectFound("a", "insert");
      await store.touch("a", 90_000);
      await expectFound("a", "touch");
      await store.refresh("a", 900_000);
      await expectFound("a", "refresh");
      await store.replace("a", session("a", { userKey: "ada", revision: 2 }), 1);
      await expectFound("a", "an update");
      await store.replace("a", session("b", { userKey: "ada", revision: 3 }), 2);
      await expectFound("b", "a change of id");
      await store.set(session("b", { userKey: "ada", revision: 4 }));
      await expectFound("b", "set");
      await store.replace("b", session("a", { userKey: "ada", revision: 5 }), 4);
      await expectFound("a", "a change back to the first id");
      expectSame(await other.deleteByUser("ada"), 1, "how many are ended");
    },
  }),
  defineCase({
    name: "a session that slides for long is still found under its user",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser", "refresh"],
    async run(bench) {
      const { store, other, session, clock } = bench;
      const { id } = await onShortLife(bench, async (life) => {
        await store.set(session(life.id, { ...life, userKey: life.id }));
        await store.refresh(life.id, 100);
      });
      for (let slide = 1; slide <= 8; slide++) {
        if (clock.isGiven) await clock.advance(90_000);
        if (slide % 2 === 0) await store.touch(id, 100 * slide);
        else await store.refresh(id, 100 * slide);
      }
      expectSame(idsOf(await other.listByUser(id)), [id], "what the user has");
      expectSame(await other.deleteByUser(id), 1, "how many are ended");
    },
  }),
  defineCase({
    name: `the ${MANY} sessions of one user are all listed and all ended`,
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser"],
    async run({ store, other, session }) {
      const ids = Array.from({ length: MANY }, (_, at) => `s${at}`).sort();
      await Promise.all(ids.map((id, at) => clientOf(store, other, at).set(session(id, { userKey: "ada" }))));
      expectSame(idsOf(await other.listByUser("ada")).sort(), ids, "the ids that are listed");
      const ended: string[] = [];
      const count = await other.deleteByUser("ada", { onEnded: (id) => ended.push(id) });
      expectSame([count, ended.sort()], [MANY, ids], "how many are ended, and what onEnded is told");
      expectSame(await store.listByUser("ada"), [], "what is left");
      const left = await Promise.all(ids.map((id) => store.get(id)));
      expectSame(left.filter((found) => found !== null).length, 0, "how many get still finds");
    },
  }),
];

function clientOf(store: SessionStore, other: SessionStore, at: number): SessionStore {
  return at % 2 === 0 ? store : other;
}

function idsOf(sessions: readonly StoredSession[]): string[] {
  return sessions.map(({ id }) => id);
}
