import type { Mutant } from "./mutant.test-kit.ts";

export const lostUpdateMutants: readonly Mutant[] = [
  {
    name: "replace does not compare revisions: the last writer wins",
    breaks: "G2",
    caughtBy: "replace writes where the session has the revision, and says what it did",
    make: ({ store, read }) => ({
      replace: async (id, session, revision) => store.replace(id, session, read(id)?.revision ?? revision),
    }),
  },
  {
    name: "replace compares in one trip, and writes in another",
    breaks: "G2",
    caughtBy: "of two updates of one revision one is written, and the other says that it is not",
    make: ({ read, write, step }) => ({
      async replace(id, session, revision) {
        await step();
        const found = read(id);
        if (found === null) return "gone";
        if (found.revision !== revision) return "changed";
        await step();
        write({ ...session, expiresAt: found.expiresAt });
        return "replaced";
      },
    }),
  },
  {
    name: "replace says that it has written what it has not",
    breaks: "G2",
    caughtBy: "replace writes where the session has the revision, and says what it did",
    make: ({ store }) => ({
      async replace(id, session, revision) {
        const outcome = await store.replace(id, session, revision);
        return outcome === "changed" ? "replaced" : outcome;
      },
    }),
  },
  {
    name: "replace takes an absent session for a changed one",
    breaks: "G2",
    caughtBy: "replace writes where the session has the revision, and says what it did",
    make: ({ store }) => ({
      async replace(id, session, revision) {
        const outcome = await store.replace(id, session, revision);
        return outcome === "gone" ? "changed" : outcome;
      },
    }),
  },
  {
    name: "replace merges the new data into the old",
    breaks: "G2",
    caughtBy: "replace writes where the session has the revision, and says what it did",
    make: ({ store, read }) => ({
      replace: async (id, session, revision) =>
        store.replace(id, { ...session, data: { ...read(id)?.data, ...session.data } }, revision),
    }),
  },
  {
    name: "replace keeps the revision that was there",
    breaks: "G2",
    caughtBy: "8 clients that read, merge and replace lose none of their updates",
    make: ({ store }) => ({
      replace: (id, session, revision) => store.replace(id, { ...session, revision }, revision),
    }),
  },
  {
    name: "a change of id leaves the session under the old one as well",
    breaks: "G2",
    caughtBy: "replace under a new id moves the session, or changes nothing",
    make: ({ read, write, store }) => ({
      async replace(id, session, revision) {
        const old = read(id);
        const outcome = await store.replace(id, session, revision);
        if (outcome === "replaced" && old !== null && session.id !== id) write(old);
        return outcome;
      },
    }),
  },
  {
    name: "a change of id writes over what has that id",
    breaks: "G2",
    caughtBy: "replace under an id that is in use changes nothing",
    make: ({ erase, store }) => ({
      async replace(id, session, revision) {
        if (session.id !== id) erase(session.id);
        return store.replace(id, session, revision);
      },
    }),
  },
  {
    name: "a change of id copies in one trip and deletes in another, for everyone who tries",
    breaks: "G2",
    caughtBy: "of two clients that move a session at once one has it, and the other's id is dead",
    make: ({ read, write, erase, store, step }) => ({
      async replace(id, session, revision) {
        if (session.id === id) return store.replace(id, session, revision);
        await step();
        if (read(id)?.revision !== revision) return read(id) === null ? "gone" : "changed";
        write(session);
        await step();
        erase(id);
        return "replaced";
      },
    }),
  },
  {
    name: "insert writes whatever is there",
    breaks: "G2",
    caughtBy: "insert writes only where there is no live session",
    make: ({ store }) => ({
      async insert(session) {
        await store.set(session);
        return true;
      },
    }),
  },
  {
    name: "insert says that it has not written, and has",
    breaks: "G2",
    caughtBy: "insert writes only where there is no live session",
    make: ({ store }) => ({
      async insert(session) {
        const isNew = (await store.load(session.id)) === null;
        await store.set(session);
        return isNew;
      },
    }),
  },
  {
    name: "insert looks in one trip, and writes in another",
    breaks: "G2",
    caughtBy: "of many clients that insert under one id at once, one does",
    make: ({ store }) => ({
      async insert(session) {
        if ((await store.load(session.id)) !== null) return false;
        await store.set(session);
        return true;
      },
    }),
  },
];
