import type { StoredSession } from "@ventostack/auth-core";
import type { Bench } from "../bench.ts";
import { expectSame, expectTrue } from "../expect.ts";
import { race } from "../race.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

const MOVES = 4;

type ByUser = "listByUser" | "deleteByUser" | "replace";

export const byUserRaceCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "deleteByUser ends a session that moves to new ids meanwhile, and counts it once",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser", "replace", "atomic"],
    async run(bench) {
      await race(bench, async (round) => {
        const chain = await startChain(bench, round, "other");
        return {
          first: () => bench.store.deleteByUser(chain.userKey, { onEnded: chain.onEnded }),
          second: chain.move,
          check: chain.checkEnded,
        };
      });
    },
  }),
  defineCase({
    name: "a session that is in the midst of a move when deleteByUser comes is ended, and counted once",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser", "replace", "atomic"],
    async run(bench) {
      await race(bench, async (round) => {
        const chain = await startChain(bench, round, "store");
        return {
          first: chain.move,
          second: () => bench.other.deleteByUser(chain.userKey, { onEnded: chain.onEnded }),
          check: (_, count: number) => chain.checkEnded(count),
        };
      });
    },
  }),
  defineCase({
    name: "deleteByUser ends a session that is updated, touched and refreshed meanwhile",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser", "replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      for (const firstDeletes of [true, false]) {
        await race(bench, async (round) => {
          const id = `${firstDeletes} ${round}`;
          const given = session(id, { userKey: id });
          await store.set(given);
          const use = async (client: typeof store): Promise<void> => {
            await client.replace(id, { ...given, data: { updated: true }, revision: 2 }, 1);
            await client.touch(id, 7200);
            await client.refresh?.(id, 90_000);
          };
          const end = (client: typeof store) => client.deleteByUser(id);
          return {
            first: async () => (firstDeletes ? end(store) : use(store)),
            second: async () => (firstDeletes ? use(other) : end(other)),
            async check(first, second) {
              expectSame(firstDeletes ? first : second, 1, "how many deleteByUser ends");
              expectSame(await other.get(id), null, "what get gives");
              expectSame(await other.listByUser(id), [], "what the user has");
            },
          };
        });
      }
    },
  }),
  defineCase({
    name: "two deleteByUser at once count each session once between them",
    guarantee: "G5",
    needs: ["deleteByUser", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const userKey = `u${round}`;
        const ids = ["a", "b", "c"].map((id) => `${id} ${round}`);
        for (const id of ids) await store.set(session(id, { userKey }));
        const ended: string[] = [];
        const onEnded = (id: string): number => ended.push(id);
        return {
          first: () => store.deleteByUser(userKey, { onEnded }),
          second: () => other.deleteByUser(userKey, { onEnded }),
          async check(first: number, second: number) {
            expectSame(first + second, 3, "how many they end between them");
            expectSame(ended.sort(), ids, "what onEnded is told by both");
            for (const id of ids) expectSame(await other.get(id), null, "what get gives");
          },
        };
      });
    },
  }),
  defineCase({
    name: "of deleteByUser and remove at once one ends the session, and says so",
    guarantee: "G5",
    needs: ["deleteByUser", "remove", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      for (const firstDeletes of [true, false]) {
        await race(bench, async (round) => {
          const id = `${firstDeletes} ${round}`;
          await store.set(session(id, { userKey: id }));
          const end = async (client: typeof store): Promise<number> => client.deleteByUser(id);
          const remove = async (client: typeof store): Promise<number> =>
            (await client.remove(id)) === null ? 0 : 1;
          return {
            first: () => (firstDeletes ? end(store) : remove(store)),
            second: () => (firstDeletes ? remove(other) : end(other)),
            async check(first: number, second: number) {
              expectSame(first + second, 1, "how many the two say that they have ended");
              expectSame(await other.get(id), null, "what get gives");
            },
          };
        });
      }
    },
  }),
  defineCase({
    name: "a session that is inserted during deleteByUser is ended by it, or found by the next",
    guarantee: "G5",
    needs: ["deleteByUser", "insert", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      for (const firstDeletes of [true, false]) {
        await race(bench, async (round) => {
          const userKey = `${firstDeletes} ${round}`;
          const [before, during] = [`before ${userKey}`, `during ${userKey}`];
          await store.insert(session(before, { userKey }));
          const end = async (client: typeof store): Promise<number> => client.deleteByUser(userKey);
          const insert = async (client: typeof store): Promise<number> => {
            await client.insert(session(during, { userKey }));
            return 0;
          };
          return {
            first: () => (firstDeletes ? end(store) : insert(store)),
            second: () => (firstDeletes ? insert(other) : end(other)),
            async check(first: number, second: number) {
              expectSame(await other.get(before), null, "what get gives for the session from before");
              const next = await other.deleteByUser(userKey);
              expectSame(await other.get(during), null, "what get gives for the new one after the next call");
              expectSame(first + second + next, 2, "how many the two calls end");
            },
          };
        });
      }
    },
  }),
  defineCase({
    name: "deleteByUser leaves a session alone that is made anew for another user meanwhile",
    guarantee: "G5",
    needs: ["deleteByUser", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        const anew = session(id, { userKey: `grace ${round}`, revision: 9 });
        await store.set(session(id, { userKey: `ada ${round}` }));
        return {
          first: () => store.deleteByUser(`ada ${round}`),
          async second() {
            await other.delete(id);
            await other.set(anew);
          },
          check: async () => expectSame(await other.get(id), anew, "the other user's session"),
        };
      });
    },
  }),
  defineCase({
    name: "a session that changes hands during deleteByUser is ended, or found under its new user",
    guarantee: "G5",
    needs: ["deleteByUser", "replace", "atomic"],
    async run(bench) {
      const { store, other, session } = bench;
      for (const firstDeletes of [true, false]) {
        await race(bench, async (round) => {
          const id = `${firstDeletes} ${round}`;
          const given = session(id, { userKey: `old ${id}` });
          await store.set(given);
          const end = async (client: typeof store): Promise<number> => client.deleteByUser(`old ${id}`);
          const change = async (client: typeof store): Promise<number> => {
            await client.replace(id, { ...given, userKey: `new ${id}`, revision: 2 }, 1);
            return 0;
          };
          return {
            first: () => (firstDeletes ? end(store) : change(store)),
            second: () => (firstDeletes ? change(other) : end(other)),
            async check(first: number, second: number) {
              const next = await other.deleteByUser(`new ${id}`);
              expectSame(first + second + next, 1, "how many the two users' calls end");
              expectSame(await other.get(id), null, "what get gives");
            },
          };
        });
      }
    },
  }),
];

interface Chain {
  readonly userKey: string;
  readonly onEnded: (id: string) => void;
  /** Moves the session from id to id, until it is gone. */
  move(): Promise<void>;
  checkEnded(count: number): Promise<void>;
}

async function startChain(
  { store, other, session }: Bench<ByUser>,
  round: number,
  mover: "store" | "other",
): Promise<Chain> {
  const userKey = `u${round}`;
  const ids = Array.from({ length: MOVES + 1 }, (_, at) => `${userKey} ${at}`);
  const [firstId = ""] = ids;
  const ended: string[] = [];
  const client = mover === "store" ? store : other;
  await store.set(session(firstId, { userKey }));

  return {
    userKey,
    onEnded: (id) => ended.push(id),
    async move() {
      let current: StoredSession = session(firstId, { userKey });
      for (const id of ids.slice(1)) {
        const next = { ...current, id, revision: current.revision + 1 };
        if ((await client.replace(current.id, next, current.revision)) !== "replaced") return;
        current = next;
      }
    },
    async checkEnded(count) {
      expectSame(count, 1, "how many deleteByUser ends");
      expectSame(ended.length, 1, "how many ids onEnded is told");
      expectTrue(ids.includes(ended[0] ?? ""), "onEnded is told an id that the session never had.");
      for (const id of ids) expectSame(await other.get(id), null, "what get gives");
      expectSame(await other.listByUser(userKey), [], "what the user has");
    },
  };
}
