import type { Session, SessionStore } from "@ventostack/auth-core";
import { broken, expectSame, expectTrue } from "../expect.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

/** Calls at once of each kind. */
const MANY = 1000;

/** What a hand-written program may give: the three documented fields. */
const plain = (id: string, expiresAt: number): Session => ({ id, data: { of: id }, expiresAt });

export const basicCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "get gives what set was given, and null once it is deleted",
    guarantee: "basic",
    needs: [],
    async run({ store, session }) {
      const given = session("a", { data: { user: "u1", list: [1, 2] }, revision: 7 });
      expectSame(await store.get("a"), null, "what get gives before set");
      await store.set(given);
      expectSame(await store.get("a"), given, "what get gives after set");
      expectSame(await store.get("b"), null, "what get gives for another id");
      await store.delete("a");
      expectSame(await store.get("a"), null, "what get gives after delete");
    },
  }),
  defineCase({
    name: "every field of a session is kept",
    guarantee: "basic",
    needs: [],
    async run({ store, other, session, clock }) {
      const given = session("a", {
        createdAt: clock.now() - 5000,
        absoluteExpiresAt: clock.now() + 7_200_000,
        userKey: "session:user 1",
        revision: 1_234_567_890,
      });
      await store.set(given);
      expectSame(await other.get("a"), given, "what another client's get gives");
    },
  }),
  defineCase({
    name: "the manager's notes are kept, and go when a session is set without them",
    guarantee: "basic",
    needs: [],
    async run({ store, other, session, clock }) {
      const device = { userAgent: 'Mozilla/5.0 "x"; é', address: "2001:db8::1", label: "Ada's phone" };
      const given = session("a", { notes: { authenticatedAt: clock.now() - 1000, device } });
      await store.set(given);
      expectSame(await other.get("a"), given, "what get gives");
      const { notes: _, ...without } = given;
      await store.set(without);
      expectSame(await other.get("a"), without, "what get gives after a set without notes");
    },
  }),
  defineCase({
    name: "a session of id, data and expiresAt alone is kept, touched and deleted",
    guarantee: "basic",
    needs: [],
    async run({ store, clock }) {
      const given = plain("a", clock.now() + 60_000);
      await store.set(given);
      const { id, data, expiresAt } = (await store.get("a")) ?? {};
      expectSame({ id, data, expiresAt }, given, "what get gives");
      await store.touch("a", 3600);
      expectTrue(((await store.get("a"))?.expiresAt ?? 0) > given.expiresAt, "touch has to extend it.");
      await store.delete("a");
      expectSame(await store.get("a"), null, "what get gives after delete");
    },
  }),
  defineCase({
    name: "set writes the record whole: nothing of the one before is left",
    guarantee: "basic",
    needs: [],
    async run({ store, other, session, clock }) {
      const absoluteExpiresAt = clock.now() + 7_200_000;
      await store.set(session("a", { data: { a: 1, b: { c: 2 } }, userKey: "u", absoluteExpiresAt }));
      const second = session("a", { data: { b: {} }, revision: 2 });
      await store.set(second);
      expectSame(await other.get("a"), second, "what get gives after a second set");
    },
  }),
  defineCase({
    name: "delete and touch of what is absent are no error and write nothing",
    guarantee: "basic",
    needs: [],
    async run({ store, other }) {
      await store.delete("a");
      await store.touch("a", 3600);
      expectSame(await store.get("a"), null, "what get gives");
      expectSame(await other.get("a"), null, "what another client's get gives");
    },
  }),
  defineCase({
    name: "load gives what get gives, and null where there is nothing",
    guarantee: "basic",
    needs: ["load"],
    async run({ store, other, session }) {
      const given = session("a", { userKey: "u", revision: 3, notes: { device: { label: "laptop" } } });
      await store.set(given);
      expectSame(await other.load("a"), given, "what load gives");
      expectSame(await other.load("b"), null, "what load gives for what is absent");
      await store.delete("a");
      expectSame(await other.load("a"), null, "what load gives after delete");
    },
  }),
  defineCase({
    name: "what the store declares itself able to do, it has the methods for",
    guarantee: "basic",
    needs: [],
    async run({ store }) {
      const { capabilities } = store;
      if (capabilities === undefined) return;
      const byUser = store.listByUser !== undefined && store.deleteByUser !== undefined;
      expectSame(capabilities.byUser, byUser, "capabilities.byUser");
      if (capabilities.atomic) expectTrue(store.replace !== undefined, "An atomic store needs replace.");
    },
  }),
  defineCase({
    name: "a load that says it answers at once gives no promise",
    guarantee: "basic",
    needs: ["load"],
    async run({ store, session }) {
      await store.set(session("a"));
      if (!store.load.atOnce) return;
      for (const id of ["a", "b"]) {
        const isLater = "then" in Object(store.load(id));
        expectTrue(!isLater, "load has to answer at once.");
      }
    },
  }),
  defineCase({
    name: `${MANY} calls at once answer each for its own session`,
    guarantee: "basic",
    needs: [],
    async run({ store, other, session }) {
      const ids = Array.from({ length: MANY }, (_, at) => `s${at}`);
      const clients: readonly SessionStore[] = [store, other];
      const clientAt = (at: number): SessionStore => clients[at % 2] ?? store;
      await Promise.all(ids.map((id, at) => clientAt(at).set(session(id, { data: { id } }))));
      const outcomes = await Promise.all(
        ids.map(async (id, at) => {
          if (at % 4 === 0) await clientAt(at).delete(id);
          else if (at % 4 === 1) await clientAt(at).touch(id, 7200);
          return (await clientAt(at + 1).get(id))?.data;
        }),
      );
      expectSame(
        outcomes,
        ids.map((id, at) => (at % 4 === 0 ? undefined : { id })),
        "what get gives",
      );
    },
  }),
  defineCase({
    name: "close may be repeated, and every call after it rejects",
    guarantee: "basic",
    needs: ["close"],
    async run({ store, session }) {
      await store.set(session("a"));
      await store.close();
      await store.close();
      const calls: Record<string, () => unknown> = {
        get: () => store.get("a"),
        set: () => store.set(session("a")),
        delete: () => store.delete("a"),
        touch: () => store.touch("a", 60),
        load: () => store.load?.("a"),
        insert: () => store.insert?.(session("b")),
        replace: () => store.replace?.("a", session("a"), 1),
        refresh: () => store.refresh?.("a", 60),
        remove: () => store.remove?.("a"),
        listByUser: () => store.listByUser?.("u"),
        deleteByUser: () => store.deleteByUser?.("u"),
      };
      for (const [method, call] of Object.entries(calls)) {
        if (!(method in store)) continue;
        const answer = await (async () => call())().then(
          (resolved) => ({ resolved }),
          () => undefined,
        );
        if (answer !== undefined) {
          throw broken(`${method} after close has to reject, and resolves with ${String(answer.resolved)}.`);
        }
      }
    },
  }),
];
