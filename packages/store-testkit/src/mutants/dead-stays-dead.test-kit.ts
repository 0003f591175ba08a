import type { Mutant } from "./mutant.test-kit.ts";

export const deadStaysDeadMutants: readonly Mutant[] = [
  {
    name: "touch reads the record and writes it back",
    breaks: "G1",
    caughtBy: "a touch that a delete overtakes leaves the session dead",
    make: ({ read, write, clock, step }) => ({
      async touch(id, ttl) {
        await step();
        const found = read(id);
        if (found === null) return;
        await step();
        write({ ...found, expiresAt: Math.max(found.expiresAt, clock() + ttl * 1000) });
      },
    }),
  },
  {
    name: "refresh reads the record and writes it back",
    breaks: "G1",
    caughtBy: "a refresh that a delete overtakes leaves the session dead",
    make: ({ read, write, clock, step }) => ({
      async refresh(id, ttl) {
        await step();
        const found = read(id);
        if (found === null) return null;
        await step();
        const session = { ...found, expiresAt: Math.max(found.expiresAt, clock() + ttl * 1000) };
        write(session);
        return { session, extended: true };
      },
    }),
  },
  {
    name: "replace compares the revision, and writes in a second trip",
    breaks: "G1",
    caughtBy: "an update that a delete overtakes leaves the session dead",
    make: ({ read, write, store, step }) => ({
      async replace(id, session, revision) {
        if (session.id !== id) return store.replace(id, session, revision);
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
    name: "replace inserts what is absent",
    breaks: "G1",
    caughtBy: "nothing brings a deleted session back but set and insert",
    make: ({ read, write, store }) => ({
      async replace(id, session, revision) {
        if (read(id) !== null) return store.replace(id, session, revision);
        write(session);
        return "replaced";
      },
    }),
  },
  {
    name: "a change of id does not look whether the old session is still there",
    breaks: "G1",
    caughtBy: "nothing brings a deleted session back but set and insert",
    make: ({ erase, write, store, step }) => ({
      async replace(id, session, revision) {
        if (session.id === id) return store.replace(id, session, revision);
        await step();
        erase(id);
        await step();
        write(session);
        return "replaced";
      },
    }),
  },
  {
    name: "a change of id ends the old session in a second trip, whether it is there or not",
    breaks: "G1",
    caughtBy: "of a remove and a change of id at once one has the session",
    make: ({ read, erase, write, store, step }) => ({
      async replace(id, session, revision) {
        if (session.id === id) return store.replace(id, session, revision);
        await step();
        const found = read(id);
        if (found === null) return "gone";
        if (found.revision !== revision) return "changed";
        write(session);
        await step();
        erase(id);
        return "replaced";
      },
    }),
  },
  {
    name: "a change of id that comes too late says so, and leaves the session under the new id",
    breaks: "G1",
    caughtBy: "a change of id that a delete overtakes answers what has become of the session",
    make: ({ read, erase, write, store, step }) => ({
      async replace(id, session, revision) {
        if (session.id === id) return store.replace(id, session, revision);
        await step();
        const found = read(id);
        if (found === null) return "gone";
        if (found.revision !== revision) return "changed";
        write(session);
        await step();
        return erase(id) ? "replaced" : "gone";
      },
    }),
  },
  {
    name: "delete only marks the record, and a touch takes the mark away",
    breaks: "G1",
    caughtBy: "nothing brings a deleted session back but set and insert",
    make: ({ data, store, clock }) => ({
      async delete(id) {
        const record = data.records.get(id);
        if (record !== undefined) data.records.set(id, { ...record, expiresAt: -record.expiresAt });
      },
      async touch(id, ttl) {
        const record = data.records.get(id);
        if (record === undefined || record.expiresAt > 0) return store.touch(id, ttl);
        data.records.set(id, { ...record, expiresAt: clock() + ttl * 1000 });
      },
    }),
  },
  {
    name: "delete leaves a session alone that was touched meanwhile",
    breaks: "G1",
    caughtBy: "a delete that other calls overtake ends the session",
    make: ({ data, erase, step }) => ({
      async delete(id) {
        await step();
        const end = data.records.get(id)?.expiresAt;
        await step();
        if (data.records.get(id)?.expiresAt === end) erase(id);
      },
    }),
  },
  {
    name: "replace takes one life of an id for another",
    breaks: "G1",
    caughtBy: "who has read a session that was deleted and made anew does not write over the new one",
    make: ({ store, read }) => ({
      replace: async (id, session, revision) => store.replace(id, session, read(id)?.revision ?? revision),
    }),
  },
  {
    name: "remove reads, and deletes in a second trip",
    breaks: "G1",
    caughtBy: "of many clients that remove a session at once, one is given it",
    make: ({ store }) => ({
      async remove(id) {
        const found = await store.load(id);
        await store.delete(id);
        return found;
      },
    }),
  },
  {
    name: "remove gives nothing back",
    breaks: "G1",
    caughtBy: "remove gives the live session that it ended, and null where there is none",
    make: ({ store }) => ({
      async remove(id) {
        await store.delete(id);
        return null;
      },
    }),
  },
  {
    name: "remove leaves a session that was updated meanwhile",
    breaks: "G1",
    caughtBy: "a remove that an update overtakes ends the session",
    make: ({ read, erase, step }) => ({
      async remove(id) {
        await step();
        const found = read(id);
        await step();
        if (read(id)?.revision === found?.revision) erase(id);
        return found;
      },
    }),
  },
];
