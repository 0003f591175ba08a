import type { Bench } from "../bench.ts";
import { expectSame, expectTrue } from "../expect.ts";
import { expectEnd, onShortLife, SKEW } from "../lifetime.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

const DAY = 86_400_000;

export const expiryCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "a session that was set lives until its expiresAt, and no longer",
    guarantee: "G3",
    needs: [],
    async run(bench) {
      const { store, other, session } = bench;
      const { id, expiresAt } = await onShortLife(bench, (life) => store.set(session(life.id, life)));
      await expectEnd(bench, expiresAt, () => other.get(id));
      expectSame(await store.get(id), null, "what get gives after that");
    },
  }),
  defineCase({
    name: "a session that was inserted lives until its expiresAt, and no longer",
    guarantee: "G3",
    needs: ["insert"],
    async run(bench) {
      const { store, other, session } = bench;
      const { id, expiresAt } = await onShortLife(bench, async (life) => {
        await store.insert(session(life.id, life));
      });
      await expectEnd(bench, expiresAt, () => other.get(id));
    },
  }),
  defineCase({
    name: "an expired session is absent to every method",
    guarantee: "G3",
    needs: [],
    async run(bench) {
      const { store, other, session } = bench;
      const { id, expiresAt } = await onShortLife(bench, (life) =>
        store.set(session(life.id, { ...life, userKey: "u" })),
      );
      await expectEnd(bench, expiresAt, () => other.get(id));
      if (store.load) expectSame(await store.load(id), null, "what load gives");
      if (store.refresh) expectSame(await store.refresh(id, 3600), null, "what refresh gives");
      if (store.replace) {
        expectSame(await store.replace(id, session(id, { revision: 2 }), 1), "gone", "what replace gives");
        const moved = session("moved", { revision: 2 });
        expectSame(await store.replace(id, moved, 1), "gone", "what replace under a new id gives");
        expectSame(await store.get("moved"), null, "what is under the new id");
      }
      if (store.listByUser) expectSame(await store.listByUser("u"), [], "what listByUser gives");
      if (store.remove) expectSame(await store.remove(id), null, "what remove gives");
      if (store.deleteByUser) expectSame(await store.deleteByUser("u"), 0, "what deleteByUser gives");
      await store.touch(id, 3600);
      await store.delete(id);
      expectSame(await other.get(id), null, "what get gives after all that");
    },
  }),
  defineCase({
    name: "a touch does not bring an expired session back",
    guarantee: "G3",
    needs: [],
    async run(bench) {
      const { store, other, session } = bench;
      const { id, expiresAt } = await onShortLife(bench, (life) => store.set(session(life.id, life)));
      // Nobody reads it meanwhile: what removes an expired session when it is read must not be what a touch relies on.
      await bench.clock.advance(expiresAt - bench.clock.now() + SKEW);
      await store.touch(id, 3600);
      expectSame(await other.get(id), null, "what get gives after the touch");
    },
  }),
  defineCase({
    name: "a session set with an end in the past is not there",
    guarantee: "G3",
    needs: [],
    async run({ store, session, clock }) {
      await store.set(session("new", { expiresAt: clock.now() - 1000 }));
      expectSame(await store.get("new"), null, "what get gives");
      await store.set(session("living"));
      await store.set(session("living", { expiresAt: clock.now() - 1000 }));
      expectSame(await store.get("living"), null, "what get gives for one that has lived");
    },
  }),
  defineCase({
    name: "set again gives the session its new end: a later one",
    guarantee: "G3",
    needs: [],
    async run(bench) {
      const { store, other, session, clock } = bench;
      const { id, expiresAt } = await onShortLife(bench, (life) => store.set(session(life.id, life)));
      const later = session(id, { expiresAt: expiresAt + DAY, revision: 2 });
      await store.set(later);
      await clock.advance(expiresAt - clock.now() + 2 * SKEW);
      expectSame(await other.get(id), later, "what get gives after the first end");
    },
  }),
  defineCase({
    name: "set again gives the session its new end: an earlier one",
    guarantee: "G3",
    needs: [],
    async run(bench) {
      const { store, other, session } = bench;
      const { id, expiresAt } = await onShortLife(bench, async (life) => {
        await store.set(session(life.id));
        await store.set(session(life.id, { ...life, revision: 2 }));
      });
      await expectEnd(bench, expiresAt, () => other.get(id));
    },
  }),
  defineCase({
    name: "a session of 400 days is there, and ends then",
    guarantee: "G3",
    needs: [],
    async run(bench) {
      const { store, other, session, clock } = bench;
      const expiresAt = clock.now() + 400 * DAY;
      await store.set(session("a", { expiresAt }));
      // Timers count no further than 24.8 days, and one that is set for more goes off at once.
      await new Promise((resolve) => setTimeout(resolve, 5));
      expectSame((await other.get("a"))?.expiresAt, expiresAt, "its expiresAt");
      if (clock.isGiven) await expectEnd(bench, expiresAt, () => other.get("a"));
    },
  }),
  defineCase({
    name: "insert takes the place of an expired session",
    guarantee: "G3",
    needs: ["insert"],
    async run(bench) {
      const { store, other, session, clock } = bench;
      const { id, expiresAt } = await onShortLife(bench, async (life) => {
        await store.insert(session(life.id, { ...life, userKey: "u" }));
      });
      await clock.advance(expiresAt - clock.now() + SKEW);
      const second = session(id, { data: { life: 2 }, revision: 2 });
      expectSame(await store.insert(second), true, "what insert gives");
      expectSame(await other.get(id), second, "what get gives");
      if (store.listByUser) expectSame(await store.listByUser("u"), [], "what the first one's user has");
    },
  }),
  defineCase({
    name: "an update does not change how long the session lives: not to longer",
    guarantee: "G3",
    needs: ["replace"],
    async run(bench) {
      const { store, other, session } = bench;
      const { id, expiresAt } = await onShortLife(bench, async (life) => {
        await store.set(session(life.id, life));
        expectSame(await store.replace(life.id, session(life.id, { revision: 2 }), 1), "replaced", "replace");
      });
      expectSame((await other.get(id))?.expiresAt ?? expiresAt, expiresAt, "the expiresAt after an update");
      await expectEnd(bench, expiresAt, () => other.get(id));
    },
  }),
  defineCase({
    name: "an update does not change how long the session lives: not to shorter",
    guarantee: "G3",
    needs: ["replace"],
    async run({ store, other, session, clock }) {
      const given = session("a");
      await store.set(given);
      await store.touch("a", 7200);
      const touched = (await store.get("a"))?.expiresAt ?? 0;
      expectTrue(touched > given.expiresAt, "The touch has to extend the session.");
      await store.replace("a", { ...given, revision: 2 }, 1);
      expectSame((await other.get("a"))?.expiresAt, touched, "the expiresAt after an update");
      await store.replace("a", session("a", { expiresAt: clock.now() + 50, revision: 3 }), 2);
      await clock.advance(50 + 2 * SKEW);
      expectSame((await other.get("a"))?.expiresAt, touched, "the expiresAt after another one");
    },
  }),
  defineCase({
    name: "a session that moves to a new id lives until the end that it is given there",
    guarantee: "G3",
    needs: ["replace"],
    async run(bench) {
      const { store, other, session } = bench;
      const moved = (id: string): string => `${id} moved`;
      const { id, expiresAt } = await onShortLife(bench, async (life) => {
        await store.set(session(life.id));
        await store.replace(
          life.id,
          session(moved(life.id), { ...life, id: moved(life.id), revision: 2 }),
          1,
        );
      });
      await expectEnd(bench, expiresAt, () => other.get(moved(id)));
      await moveToLonger(bench);
    },
  }),
];

async function moveToLonger(bench: Bench<"replace">): Promise<void> {
  const { store, other, session, clock } = bench;
  const { id, expiresAt } = await onShortLife(bench, async (life) => {
    await store.set(session(life.id, life));
    const moved = session(`${life.id} longer`, { revision: 2 });
    expectSame(await store.replace(life.id, moved, 1), "replaced", "what replace gives");
  });
  await clock.advance(expiresAt - clock.now() + 2 * SKEW);
  expectSame((await other.get(`${id} longer`))?.id, `${id} longer`, "the id after the first end");
}
