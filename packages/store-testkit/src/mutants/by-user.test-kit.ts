import type { StoredSession } from "@ventostack/auth-core";
import type { Mutant } from "./mutant.test-kit.ts";
import type { Parts, ServerData } from "./reference-store.test-kit.ts";

/** When the index of each user of a server ends. */
const indexEnds = new WeakMap<ServerData, Map<string, number>>();

export const byUserMutants: readonly Mutant[] = [
  {
    name: "expired sessions are listed",
    breaks: "G5",
    caughtBy: "an expired session is neither listed nor counted",
    make: ({ data }) => ({
      listByUser: async (userKey) =>
        [...(data.users.get(userKey) ?? [])].map((id) => JSON.parse(data.records.get(id)?.text ?? "{}")),
    }),
  },
  {
    name: "deleteByUser counts the entries of the index before it ends them",
    breaks: "G5",
    caughtBy: "two deleteByUser at once count each session once between them",
    make: ({ data, store }) => ({
      async deleteByUser(userKey, options) {
        const size = data.users.get(userKey)?.size ?? 0;
        await store.deleteByUser(userKey, options);
        return size - (options?.except === undefined ? 0 : 1);
      },
    }),
  },
  {
    name: "deleteByUser counts all that it has found, whoever ended it",
    breaks: "G5",
    caughtBy: "two deleteByUser at once count each session once between them",
    make: ({ store }) => ({
      async deleteByUser(userKey, { except, onEnded } = {}) {
        const found = (await store.listByUser(userKey)).filter(({ id }) => id !== except);
        for (const { id } of found) {
          await store.delete(id);
          onEnded?.(id);
        }
        return found.length;
      },
    }),
  },
  {
    name: "deleteByUser looks once, and misses what moves meanwhile",
    breaks: "G5",
    caughtBy: "deleteByUser leaves a session alone that is made anew for another user meanwhile",
    make: ({ store }) => ({
      async deleteByUser(userKey, { except, onEnded } = {}) {
        let ended = 0;
        for (const { id } of await store.listByUser(userKey)) {
          if (id === except || (await store.remove(id)) === null) continue;
          ended += 1;
          onEnded?.(id);
        }
        return ended;
      },
    }),
  },
  {
    name: "deleteByUser ends what was that user's when it looked, whoever's it is by now",
    breaks: "G5",
    caughtBy: "deleteByUser leaves a session alone that is made anew for another user meanwhile",
    make: ({ data, erase, step }) => ({
      async deleteByUser(userKey, { except, onEnded } = {}) {
        await step();
        const ids = [...(data.users.get(userKey) ?? [])].filter((id) => id !== except);
        await step();
        const ended = ids.filter((id) => erase(id));
        for (const id of ended) onEnded?.(id);
        return ended.length;
      },
    }),
  },
  {
    name: "deleteByUser leaves a session that was changed since it looked",
    breaks: "G5",
    caughtBy: "deleteByUser ends a session that is updated, touched and refreshed meanwhile",
    make: ({ store, read, erase, step }) => ({
      async deleteByUser(userKey, { except, onEnded } = {}) {
        const found = (await store.listByUser(userKey)).filter(({ id }) => id !== except);
        await step();
        const ended = found.filter(({ id, revision }) => read(id)?.revision === revision && erase(id));
        for (const { id } of ended) onEnded?.(id);
        return ended.length;
      },
    }),
  },
  {
    name: "a user's index and a session of that name are one record",
    breaks: "G5",
    caughtBy: "an id is no name of a user, nor of what the store keeps beside the sessions",
    make: ({ store, erase }) => ({
      async set(session) {
        const { userKey } = session as StoredSession;
        if (userKey !== undefined && userKey !== session.id) erase(userKey);
        await store.set(session);
      },
    }),
  },
  {
    name: "users of two spaces are the same",
    breaks: "G5",
    caughtBy: "a user's sessions in another space are neither listed nor ended",
    make: (() => {
      const everyone = new Set<Parts>();
      return (parts: Parts) => {
        everyone.add(parts);
        return {
          async listByUser(userKey) {
            const open = [...everyone].filter(({ data }) => data.users.has(userKey));
            return (await Promise.all(open.map(({ store }) => store.listByUser(userKey)))).flat();
          },
        };
      };
    })(),
  },
  {
    name: "deleteByUser ends the session to be left alone as well",
    breaks: "G5",
    caughtBy: "deleteByUser ends the user's sessions but one, counts the live ones, and ends no others",
    make: ({ store }) => ({ deleteByUser: (userKey) => store.deleteByUser(userKey) }),
  },
  {
    name: "deleteByUser counts the session that it leaves alone",
    breaks: "G5",
    caughtBy: "deleteByUser ends the user's sessions but one, counts the live ones, and ends no others",
    make: ({ store }) => ({
      deleteByUser: async (userKey, options) =>
        (await store.deleteByUser(userKey, options)) + (options?.except === undefined ? 0 : 1),
    }),
  },
  {
    name: "deleteByUser takes the exception for one, whoever's session it is",
    breaks: "G5",
    caughtBy: "deleteByUser ends the user's sessions but one, counts the live ones, and ends no others",
    make: ({ store }) => ({
      deleteByUser: async (userKey, options) =>
        Math.max((await store.deleteByUser(userKey, options)) - (options?.except === "other" ? 1 : 0), 0),
    }),
  },
  {
    name: "deleteByUser tells nobody",
    breaks: "G5",
    caughtBy: "deleteByUser tells the id of each live session that it ended, once",
    make: ({ store }) => ({
      deleteByUser: (userKey, { except } = {}) =>
        store.deleteByUser(userKey, except === undefined ? {} : { except }),
    }),
  },
  {
    name: "onEnded is told of dead sessions too",
    breaks: "G5",
    caughtBy: "two deleteByUser at once count each session once between them",
    make: ({ data, store }) => ({
      async deleteByUser(userKey, options = {}) {
        const ids = [...(data.users.get(userKey) ?? [])].filter((id) => id !== options.except);
        for (const id of ids) options.onEnded?.(id);
        return store.deleteByUser(userKey, {
          ...(options.except !== undefined && { except: options.except }),
        });
      },
    }),
  },
  {
    name: "a user's name is taken for the beginning of others",
    breaks: "G5",
    caughtBy: "listByUser gives the user's live sessions whole, and no others",
    make: ({ data, read }) => ({
      listByUser: async (userKey) =>
        [...data.records.keys()].flatMap((id) => {
          const found = read(id);
          return found?.userKey?.startsWith(userKey) ? found : [];
        }),
    }),
  },
  {
    name: "users are told apart without regard to case",
    breaks: "G5",
    caughtBy: "users are taken as they are, whatever they are called, and none for another",
    make: ({ data, read }) => ({
      listByUser: async (userKey) =>
        [...data.records.keys()].flatMap((id) => {
          const found = read(id);
          return found?.userKey?.toLowerCase() === userKey.toLowerCase() ? found : [];
        }),
    }),
  },
  {
    name: "a list ends after 100 sessions",
    breaks: "G5",
    caughtBy: "the 300 sessions of one user are all listed and all ended",
    make: ({ store }) => ({
      listByUser: async (userKey) => (await store.listByUser(userKey)).slice(0, 100),
    }),
  },
  {
    name: "one call ends no more than 100 sessions",
    breaks: "G5",
    caughtBy: "the 300 sessions of one user are all listed and all ended",
    make: ({ store }) => ({
      async deleteByUser(userKey, { onEnded } = {}) {
        const found = (await store.listByUser(userKey)).slice(0, 100);
        for (const { id } of found) if ((await store.remove(id)) !== null) onEnded?.(id);
        return found.length;
      },
    }),
  },
  {
    name: "a list is in the order of the ids",
    breaks: "G5",
    caughtBy: "listByUser gives the sessions in the order in which they joined the user",
    make: ({ store }) => ({
      listByUser: async (userKey) =>
        (await store.listByUser(userKey)).sort((one, other) => (one.id < other.id ? -1 : 1)),
    }),
  },
  {
    name: "a list is in the order of the last use",
    breaks: "G5",
    caughtBy: "listByUser gives the sessions in the order in which they joined the user",
    make: ({ store, read, erase, write }) => ({
      async touch(id, ttl) {
        await store.touch(id, ttl);
        const found = read(id);
        if (found === null) return;
        erase(id);
        write(found);
      },
    }),
  },
  {
    name: "a changed user stays in the old one's index, which nobody checks",
    breaks: "G5",
    caughtBy: "a session that changes hands is found under its new user only",
    make: ({ data, store, read }) => ({
      async replace(id, session, revision) {
        const before = read(id)?.userKey;
        const outcome = await store.replace(id, session, revision);
        if (outcome === "replaced" && before !== undefined) {
          data.users.set(before, (data.users.get(before) ?? new Set()).add(session.id));
        }
        return outcome;
      },
    }),
  },
  {
    name: "a changed user is not added to the new one's index",
    breaks: "G5",
    caughtBy: "a session that changes hands during deleteByUser is ended, or found under its new user",
    make: ({ data, store, read }) => ({
      async replace(id, session, revision) {
        const before = read(id)?.userKey;
        const outcome = await store.replace(id, session, revision);
        if (outcome === "replaced" && before !== session.userKey) {
          data.users.get(session.userKey ?? "")?.delete(session.id);
        }
        return outcome;
      },
    }),
  },
  {
    name: "a session that is set for another user stays in the first one's index",
    breaks: "G5",
    caughtBy: "a session that is set for another user is found under that one only",
    make: ({ data, store, read }) => ({
      async set(session) {
        const before = read(session.id)?.userKey;
        await store.set(session);
        if (before !== undefined) {
          data.users.set(before, (data.users.get(before) ?? new Set()).add(session.id));
        }
      },
    }),
  },
  {
    name: "a session that moves is not in the index under its new id",
    breaks: "G5",
    caughtBy: "a session is found under its user after every kind of write",
    make: ({ data, store }) => ({
      async replace(id, session, revision) {
        const outcome = await store.replace(id, session, revision);
        if (outcome === "replaced" && session.id !== id) {
          data.users.get(session.userKey ?? "")?.delete(session.id);
        }
        return outcome;
      },
    }),
  },
  {
    name: "the index ends with the life that its sessions were given at first",
    breaks: "G5",
    caughtBy: "a session that slides for long is still found under its user",
    make: ({ store, data, clock }) => ({
      async set(session) {
        await store.set(session);
        const { userKey = "" } = session as StoredSession;
        const ends = indexEnds.get(data) ?? new Map<string, number>();
        indexEnds.set(data, ends.set(userKey, Math.max(ends.get(userKey) ?? 0, session.expiresAt)));
      },
      async listByUser(userKey) {
        if ((indexEnds.get(data)?.get(userKey) ?? Number.POSITIVE_INFINITY) <= clock())
          data.users.delete(userKey);
        return store.listByUser(userKey);
      },
    }),
  },
];
