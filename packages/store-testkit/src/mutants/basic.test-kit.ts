import type { StoredSession } from "@ventostack/auth-core";
import type { Mutant } from "./mutant.test-kit.ts";

export const basicMutants: readonly Mutant[] = [
  {
    name: "a session without createdAt is refused",
    breaks: "basic",
    caughtBy: "a session of id, data and expiresAt alone is kept, touched and deleted",
    make: ({ store }) => ({
      async set(session) {
        if (session.createdAt === undefined) throw new TypeError("createdAt is not a number");
        await store.set(session);
      },
    }),
  },
  {
    name: "a session is kept as id, data and expiresAt",
    breaks: "basic",
    caughtBy: "every field of a session is kept",
    make: ({ store }) => ({ set: ({ id, data, expiresAt }) => store.set({ id, data, expiresAt }) }),
  },
  {
    name: "the notes are forgotten",
    breaks: "basic",
    caughtBy: "the manager's notes are kept, and go when a session is set without them",
    make: ({ store }) => ({
      set(session) {
        const { notes: _, ...rest } = session as StoredSession;
        return store.set(rest);
      },
    }),
  },
  {
    name: "set merges into what is there",
    breaks: "basic",
    caughtBy: "set writes the record whole: nothing of the one before is left",
    make: ({ store, read }) => ({
      set: async (session) =>
        store.set({ ...read(session.id), ...session, data: { ...read(session.id)?.data, ...session.data } }),
    }),
  },
  {
    name: "delete of what is absent is an error",
    breaks: "basic",
    caughtBy: "delete and touch of what is absent are no error and write nothing",
    make: ({ store, read }) => ({
      async delete(id) {
        if (read(id) === null) throw new Error("No such session");
        await store.delete(id);
      },
    }),
  },
  {
    name: "touch creates what is absent",
    breaks: "basic",
    caughtBy: "delete and touch of what is absent are no error and write nothing",
    make: ({ store, read }) => ({
      async touch(id, ttl) {
        if (read(id) === null) await store.set({ id, data: {}, expiresAt: Number.MAX_SAFE_INTEGER });
        await store.touch(id, ttl);
      },
    }),
  },
  {
    name: "answers are mixed up when many ask at once",
    breaks: "basic",
    caughtBy: "1000 calls at once answer each for its own session",
    make({ store }) {
      let asked = "";
      return {
        async get(id) {
          asked = id;
          await Promise.resolve();
          return store.get(asked);
        },
      };
    },
  },
  {
    name: "calls go on after close",
    breaks: "basic",
    caughtBy: "close may be repeated, and every call after it rejects",
    make: () => ({ async close() {} }),
  },
  {
    name: "a second close is an error",
    breaks: "basic",
    caughtBy: "close may be repeated, and every call after it rejects",
    make({ store }) {
      let closed = false;
      return {
        async close() {
          if (closed) throw new Error("Already closed");
          closed = true;
          await store.close();
        },
      };
    },
  },
  {
    name: "the store declares what it has no methods for",
    breaks: "basic",
    caughtBy: "what the store declares itself able to do, it has the methods for",
    make: () => ({ capabilities: { atomic: true, byUser: false } }),
  },
  {
    name: "load says that it answers at once, and gives a promise",
    breaks: "basic",
    caughtBy: "a load that says it answers at once gives no promise",
    make: ({ store }) => ({
      load: Object.assign((id: string) => store.load(id), { atOnce: true as const }),
    }),
  },
];
