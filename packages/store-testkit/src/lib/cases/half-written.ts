import type { SessionStore, StoredSession } from "@ventostack/auth-core";
import type { Bench } from "../bench.ts";
import { expectSame, expectTrue } from "../expect.ts";
import { expectEnd } from "../lifetime.ts";
import { withEachFault } from "../race.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

type ByUser = "deleteByUser" | "replace";

/** Milliseconds that a session lives whose end a case sees, when its client has died in the midst of an operation. */
const LIFE = 700;

export const halfWrittenCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "a client that dies in the midst of a write leaves no session without an end",
    guarantee: "G4",
    needs: ["steps", "connectAgain"],
    async run(bench) {
      const { store, session, clock } = bench;
      const writes: Record<string, (id: string, life: StoredSession) => unknown> = {
        set: (_, life) => store.set(life),
        "set over another": async (id, life) => {
          await store.set(session(id));
          await store.set(life);
        },
        insert: (_, life) => store.insert?.(life),
      };
      const left: StoredSession[] = [];
      for (const [name, write] of Object.entries(writes)) {
        await withEachFault(
          bench,
          async (round) => {
            const id = `${name} ${round}`;
            const life = session(id, {
              data: { mortal: true },
              expiresAt: clock.now() + LIFE,
              userKey: "u",
            });
            return {
              act: () => write(id, life),
              check: async () => void left.push(life),
            };
          },
          "lasting",
        );
      }
      await Promise.all(left.map((life) => expectMortal(bench, life)));
    },
  }),
  defineCase({
    name: "a client that dies in the midst of a write leaves no live session that deleteByUser cannot find",
    guarantee: "G4",
    needs: ["deleteByUser", "replace", "steps", "connectAgain"],
    async run(bench) {
      const { store, session } = bench;
      const given = (id: string, userKey: string): StoredSession => session(id, { userKey });
      await whateverIsLeftCanBeEnded(bench, "set", [], (_, id, user) => store.set(given(id, user)));
      await whateverIsLeftCanBeEnded(bench, "insert", [], (_, id, user) => store.insert?.(given(id, user)));
      await whateverIsLeftCanBeEnded(bench, "touch", ["old"], (_, id) => store.touch(id, 90_000));
      await whateverIsLeftCanBeEnded(bench, "refresh", ["old"], (_, id) => store.refresh?.(id, 90_000));
      await whateverIsLeftCanBeEnded(bench, "update", ["old"], (_, id, user) =>
        store.replace(id, { ...given(id, user), data: { updated: true }, revision: 2 }, 1),
      );
      await whateverIsLeftCanBeEnded(bench, "user", ["old"], (_, id, user) =>
        store.replace(id, { ...given(id, `${user} new`), revision: 2 }, 1),
      );
      await whateverIsLeftCanBeEnded(bench, "move", ["old"], (_, id, user) =>
        store.replace(id, { ...given(`${id} moved`, user), revision: 2 }, 1),
      );
      await whateverIsLeftCanBeEnded(bench, "delete", ["old"], (_, id) => store.delete(id));
      await whateverIsLeftCanBeEnded(bench, "end", ["old", "b", "c"], (_, __, user) =>
        store.deleteByUser(user),
      );
    },
  }),
];

async function expectMortal(bench: Bench, life: StoredSession): Promise<void> {
  const { other } = bench;
  // It may be there, or not, or still the one from before. Once it is seen, it is seen to end.
  const found = await other.get(life.id);
  if (found?.data.mortal !== true) return;
  await expectEnd(bench, life.expiresAt, () => other.get(life.id));
}

/** Lets the operation die at each of its trips, and looks from another client at what is left. */
async function whateverIsLeftCanBeEnded(
  bench: Bench<ByUser>,
  name: string,
  existing: readonly string[],
  operation: (round: number, id: string, userKey: string) => unknown,
): Promise<void> {
  const { store, other, session } = bench;
  await withEachFault(
    bench,
    async (round) => {
      const userKey = `${name} ${round}`;
      const id = `${userKey} old`;
      for (const end of existing) await store.set(session(`${userKey} ${end}`, { userKey }));
      return {
        act: async () => operation(round, id, userKey),
        async check() {
          await other.deleteByUser(userKey);
          await other.deleteByUser(`${userKey} new`);
          for (const end of ["old", "b", "c", "old moved"]) {
            await expectDead(other, `${userKey} ${end}`, `${name} has died at trip ${round + 1}`);
          }
        },
      };
    },
    "lasting",
  );
}

async function expectDead(store: SessionStore, id: string, when: string): Promise<void> {
  expectTrue((await store.get(id)) === null, `A session survives deleteByUser after ${when}.`);
  if (store.load) expectSame(await store.load(id), null, "what load gives");
}
