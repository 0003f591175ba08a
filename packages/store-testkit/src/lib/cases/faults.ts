import type { Awaitable, SessionStore, StoredSession } from "@ventostack/auth-core";
import type { Bench } from "../bench.ts";
import { expectSame, expectTrue } from "../expect.ts";
import { withEachFault } from "../race.ts";
import { defineCase, type OptionalMethod, type SessionStoreCase } from "../store-case.ts";

/**
 * A call with a trip that fails has to reject, unless that trip did not matter: then it answers as without the fault.
 * `expected`: what it answers then, and what is true after it.
 */
function neverAnswersAFault<const Method extends OptionalMethod>(
  method: keyof SessionStore,
  needs: readonly Method[],
  act: (bench: Bench<Method | "steps">, given: StoredSession) => Awaitable<unknown>,
  check: (answer: unknown, given: StoredSession, bench: Bench<Method | "steps">) => Awaitable<void>,
): SessionStoreCase {
  return defineCase<Method | "steps">({
    name: `${method} with a failing trip rejects: it never answers as if there were nothing, or as if it were done`,
    guarantee: "G6",
    needs: [...needs, "steps"],
    async run(bench) {
      let rejected = 0;
      await withEachFault(bench, async (round) => {
        const given = bench.session(`s${round}`, { userKey: `u${round}` });
        if (method !== "set" && method !== "insert") await bench.store.set(given);
        return {
          act: () => act(bench, given),
          async check(resolved) {
            if (resolved === undefined) rejected += 1;
            else await check(resolved.answer, given, bench);
          },
        };
      });
      expectTrue(rejected > 0, `No failing trip makes ${method} reject.`);
    },
  });
}

async function expectThere(id: string, { store }: Bench): Promise<void> {
  expectTrue((await store.get(id)) !== null, "The call has resolved, and the session is not there.");
}

async function expectGone(id: string, { store }: Bench): Promise<void> {
  expectTrue((await store.get(id)) === null, "The call has resolved, and the session is still there.");
}

export const faultCases: readonly SessionStoreCase[] = [
  neverAnswersAFault(
    "get",
    [],
    ({ store }, { id }) => store.get(id),
    (answer, given) => expectSame(answer, given, "what get gives"),
  ),
  neverAnswersAFault(
    "load",
    ["load"],
    ({ store }, { id }) => store.load(id),
    (answer, given) => expectSame(answer, given, "what load gives"),
  ),
  neverAnswersAFault(
    "set",
    [],
    ({ store }, given) => store.set(given),
    (_, { id }, bench) => expectThere(id, bench),
  ),
  neverAnswersAFault(
    "delete",
    [],
    ({ store }, { id }) => store.delete(id),
    (_, { id }, bench) => expectGone(id, bench),
  ),
  neverAnswersAFault(
    "touch",
    [],
    ({ store }, { id }) => store.touch(id, 90_000),
    async (_, { id, expiresAt }, { store }) => {
      const end = (await store.get(id))?.expiresAt ?? 0;
      expectTrue(end > expiresAt, "The touch has resolved, and has not extended the session.");
    },
  ),
  neverAnswersAFault(
    "insert",
    ["insert"],
    ({ store }, given) => store.insert(given),
    async (answer, { id }, bench) => {
      expectSame(answer, true, "what insert gives");
      await expectThere(id, bench);
    },
  ),
  neverAnswersAFault(
    "replace",
    ["replace"],
    ({ store }, given) => store.replace(given.id, { ...given, data: { updated: true }, revision: 2 }, 1),
    async (answer, { id }, { store }) => {
      expectSame(answer, "replaced", "what replace gives");
      expectSame((await store.get(id))?.data, { updated: true }, "the data");
    },
  ),
  neverAnswersAFault(
    "refresh",
    ["refresh"],
    ({ store }, { id }) => store.refresh(id, 90_000),
    async (answer, given, { store }) => {
      const found = await store.get(given.id);
      expectTrue((found?.expiresAt ?? 0) > given.expiresAt, "refresh has not extended the session.");
      expectSame(answer, { session: found, extended: true }, "what refresh gives");
    },
  ),
  neverAnswersAFault(
    "remove",
    ["remove"],
    ({ store }, { id }) => store.remove(id),
    async (answer, given, bench) => {
      expectSame(answer, given, "what remove gives");
      await expectGone(given.id, bench);
    },
  ),
  neverAnswersAFault(
    "listByUser",
    ["listByUser"],
    ({ store }, { userKey = "" }) => store.listByUser(userKey),
    (answer, given) => expectSame(answer, [given], "what listByUser gives"),
  ),
  neverAnswersAFault(
    "deleteByUser",
    ["deleteByUser"],
    ({ store }, { userKey = "" }) => store.deleteByUser(userKey),
    async (answer, { id }, bench) => {
      expectSame(answer, 1, "what deleteByUser gives");
      await expectGone(id, bench);
    },
  ),
  defineCase({
    name: "a store works again once its trips do",
    guarantee: "G6",
    needs: ["steps"],
    async run(bench) {
      const { store, session, steps } = bench;
      const given = session("a", { userKey: "u" });
      await store.set(given);
      const fault = steps.failAfter(0, "lasting");
      const rejections = await Promise.allSettled([store.get("a"), store.set(given), store.touch("a", 60)]);
      fault.end();
      expectSame(
        rejections.map(({ status }) => status),
        ["rejected", "rejected", "rejected"],
        "the calls",
      );
      expectSame(await store.get("a"), given, "what get gives after the fault");
    },
  }),
];
