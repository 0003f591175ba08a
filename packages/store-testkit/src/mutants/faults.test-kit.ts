import type { Mutant } from "./mutant.test-kit.ts";

/** Answers a fault with what it answers absence with, or with nothing. */
async function swallow<Answer, Instead>(call: Promise<Answer>, instead: Instead): Promise<Answer | Instead> {
  try {
    return await call;
  } catch {
    return instead;
  }
}

export const faultMutants: readonly Mutant[] = [
  {
    name: "get answers a fault with null",
    breaks: "G6",
    caughtBy:
      "get with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({ get: (id) => swallow(Promise.resolve(store.get(id)), null) }),
  },
  {
    name: "load answers a fault with null",
    breaks: "G6",
    caughtBy:
      "load with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({ load: (id) => swallow(Promise.resolve(store.load(id)), null) }),
  },
  {
    name: "set resolves whatever happens",
    breaks: "G6",
    caughtBy:
      "set with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({ set: (session) => swallow(store.set(session), undefined) }),
  },
  {
    name: "delete resolves whatever happens",
    breaks: "G6",
    caughtBy:
      "delete with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({ delete: (id) => swallow(store.delete(id), undefined) }),
  },
  {
    name: "touch resolves whatever happens",
    breaks: "G6",
    caughtBy:
      "touch with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({ touch: (id, ttl) => swallow(store.touch(id, ttl), undefined) }),
  },
  {
    name: "insert answers a fault as if the id were taken",
    breaks: "G6",
    caughtBy:
      "insert with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({ insert: (session) => swallow(Promise.resolve(store.insert(session)), false) }),
  },
  {
    name: "replace answers a fault as if the session were gone",
    breaks: "G6",
    caughtBy:
      "replace with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({
      replace: (id, session, revision) =>
        swallow(Promise.resolve(store.replace(id, session, revision)), "gone" as const),
    }),
  },
  {
    name: "refresh answers a fault with null",
    breaks: "G6",
    caughtBy:
      "refresh with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({
      refresh: (id, ttl, whenBelow) => swallow(Promise.resolve(store.refresh(id, ttl, whenBelow)), null),
    }),
  },
  {
    name: "remove answers a fault with null",
    breaks: "G6",
    caughtBy:
      "remove with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({ remove: (id) => swallow(Promise.resolve(store.remove(id)), null) }),
  },
  {
    name: "listByUser answers a fault with an empty list",
    breaks: "G6",
    caughtBy:
      "listByUser with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({
      listByUser: (userKey) => swallow(Promise.resolve(store.listByUser(userKey)), []),
    }),
  },
  {
    name: "deleteByUser answers a fault with 0",
    breaks: "G6",
    caughtBy:
      "deleteByUser with a failing trip rejects: it never answers as if there were nothing, or as if it were done",
    make: ({ store }) => ({
      deleteByUser: (userKey, options) => swallow(Promise.resolve(store.deleteByUser(userKey, options)), 0),
    }),
  },
  {
    name: "a store that has failed once fails for ever",
    breaks: "G6",
    caughtBy: "a store works again once its trips do",
    make({ store }) {
      let failure: unknown;
      return {
        async get(id) {
          if (failure !== undefined) throw failure;
          try {
            return await store.get(id);
          } catch (error) {
            failure = error;
            throw error;
          }
        },
      };
    },
  },
  {
    name: "an error names the id",
    breaks: "G7",
    caughtBy: "what a store rejects with names neither id, nor user, nor data",
    make: ({ store }) => ({
      get: (id) =>
        store.get(id).catch((cause: unknown) => {
          throw new Error(`GET ${id} failed`, { cause });
        }),
    }),
  },
  {
    name: "the cause of an error holds the data",
    breaks: "G7",
    caughtBy: "what a store rejects with names neither id, nor user, nor data",
    make: ({ store }) => ({
      set: (session) =>
        store.set(session).catch((error: unknown) => {
          throw new Error("SET failed", { cause: { error, parameters: [JSON.stringify(session)] } });
        }),
    }),
  },
  {
    name: "expired records stay in the index for ever",
    breaks: "G8",
    caughtBy: "a user whose sessions expire for years leaves nothing behind",
    make: ({ store, data }) => ({
      async set(session) {
        const { userKey = "" } = session as { userKey?: string };
        const before = [...(data.users.get(userKey) ?? [])];
        await store.set(session);
        const ids = data.users.get(userKey) ?? new Set();
        for (const id of before) ids.add(id);
      },
    }),
  },
  {
    name: "deleted records stay in the index for ever",
    breaks: "G8",
    caughtBy: "a user who logs in and out for years leaves nothing behind",
    make: ({ data }) => ({
      async delete(id) {
        data.records.delete(id);
      },
    }),
  },
  {
    name: "each change of id leaves an entry behind",
    breaks: "G8",
    caughtBy: "a session that moves to new ids, or from user to user, for years leaves nothing behind",
    make: ({ store, data }) => ({
      async replace(id, session, revision) {
        const outcome = await store.replace(id, session, revision);
        data.users.set(`seen ${id}`, new Set([id]));
        return outcome;
      },
    }),
  },
];
