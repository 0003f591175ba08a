import type { Awaitable, Session, StoredSession } from "@ventostack/auth-core";
import type { Bench } from "../bench.ts";
import { expectSame, expectTrue } from "../expect.ts";
import { defineCase, type OptionalMethod, type SessionStoreCase } from "../store-case.ts";

const DATA = JSON.stringify({ list: [1, { deep: "as it was" }], user: { name: "Ada" } });
const freshData = (): StoredSession["data"] => JSON.parse(DATA);

/** Changes everything that can be changed in an object, as careless code would. */
function scribble(session: Session | null | undefined): void {
  expectTrue(session !== null && session !== undefined, "The session has to be there.");
  const { list, user } = session.data as { list: unknown[]; user: Record<string, unknown> };
  list.push("scribbled");
  Object.assign(list[1] as object, { deep: "scribbled" });
  Object.assign(user, { name: "Mallory", admin: true });
  Object.assign(session.data, { scribbled: true });
  Object.assign(session, { expiresAt: 0, revision: -1, userKey: "mallory" });
}

/** `give` and `take`: how the session comes into the store, and out of it. */
function sharesNothing<const Method extends OptionalMethod>(
  what: string,
  needs: readonly Method[],
  give: (bench: Bench<Method>, session: StoredSession) => Awaitable<unknown>,
  take: (bench: Bench<Method>) => Awaitable<Session | null | undefined>,
): SessionStoreCase {
  return defineCase<Method>({
    name: `what ${what} shares no memory with the store`,
    guarantee: "G9",
    needs,
    async run(bench) {
      const given = bench.session("a", {
        data: freshData(),
        userKey: "u",
        notes: { device: { label: "x" } },
      });
      const expected = structuredClone(given);
      await give(bench, given);
      scribble(given);
      Object.assign(given.notes?.device ?? {}, { label: "scribbled" });
      const taken = await take(bench);
      expectSame(taken, expected, "what comes back after what was given has been changed");
      scribble(taken);
      expectSame(await take(bench), expected, "what comes back after what came back has been changed");
    },
  });
}

export const memoryIsolationCases: readonly SessionStoreCase[] = [
  sharesNothing(
    "set is given and get gives",
    [],
    ({ store }, session) => store.set(session),
    ({ store }) => store.get("a"),
  ),
  sharesNothing(
    "insert is given and load gives",
    ["insert", "load"],
    ({ store }, session) => store.insert(session),
    ({ store }) => store.load("a"),
  ),
  sharesNothing(
    "replace is given",
    ["replace"],
    async ({ store, session: newSession }, session) => {
      await store.set(newSession("a", { expiresAt: session.expiresAt, revision: 77 }));
      await store.replace("a", session, 77);
    },
    ({ store }) => store.get("a"),
  ),
  sharesNothing(
    "refresh gives",
    ["refresh"],
    ({ store }, session) => store.set(session),
    async ({ store }) => (await store.refresh("a", 1))?.session,
  ),
  sharesNothing(
    "listByUser gives",
    ["listByUser"],
    ({ store }, session) => store.set(session),
    async ({ store }) => (await store.listByUser("u"))[0],
  ),
  defineCase({
    name: "two reads share no memory with each other",
    guarantee: "G9",
    needs: [],
    async run({ store, session }) {
      await store.set(session("a", { data: freshData() }));
      const [first, second] = [await store.get("a"), await store.get("a")];
      scribble(first);
      expectSame(second?.data, freshData(), "the data of the second read");
    },
  }),
  defineCase({
    name: "what a store is given it does not change",
    guarantee: "G9",
    needs: [],
    async run({ store, session }) {
      const given = deepFreeze(session("a", { data: freshData(), userKey: "u" }));
      await store.set(given);
      await store.insert?.(deepFreeze(session("b", { data: freshData(), userKey: "u" })));
      const changed = deepFreeze({ ...given, revision: 2 });
      await store.replace?.("a", changed, 1);
      const moved = deepFreeze({ ...given, id: "c", revision: 3 });
      await store.replace?.("a", moved, 2);
      const id = store.replace === undefined ? "a" : "c";
      await store.touch(id, 7200);
      expectSame((await store.get(id))?.data, freshData(), "the data");
    },
  }),
];

/** Writing to it throws. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
