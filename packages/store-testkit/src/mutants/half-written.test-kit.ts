import type { Mutant } from "./mutant.test-kit.ts";

export const halfWrittenMutants: readonly Mutant[] = [
  {
    name: "insert writes the index after the session, in a second trip",
    breaks: "G4",
    caughtBy:
      "a client that dies in the midst of a write leaves no live session that deleteByUser cannot find",
    make: ({ store, data, step }) => ({
      async insert(session) {
        const { userKey, ...anonymous } = session;
        if (!(await store.insert(anonymous))) return false;
        await step();
        if (userKey === undefined) return true;
        data.users.set(userKey, (data.users.get(userKey) ?? new Set()).add(session.id));
        return true;
      },
    }),
  },
  {
    name: "a change of id leaves the index in one trip, and joins it in another",
    breaks: "G4",
    caughtBy:
      "a client that dies in the midst of a write leaves no live session that deleteByUser cannot find",
    make: ({ store, data, step }) => ({
      async replace(id, session, revision) {
        const outcome = await store.replace(id, session, revision);
        if (outcome !== "replaced" || session.id === id || session.userKey === undefined) return outcome;
        data.users.get(session.userKey)?.delete(session.id);
        await step();
        data.users.set(session.userKey, (data.users.get(session.userKey) ?? new Set()).add(session.id));
        return outcome;
      },
    }),
  },
  {
    name: "deleteByUser drops the index in one trip, and then the sessions",
    breaks: "G4",
    caughtBy:
      "a client that dies in the midst of a write leaves no live session that deleteByUser cannot find",
    make: ({ store, data, erase, step }) => ({
      async deleteByUser(userKey, { except } = {}) {
        await step();
        const ids = [...(data.users.get(userKey) ?? [])].filter((id) => id !== except);
        data.users.delete(userKey);
        let ended = 0;
        for (const id of ids) {
          await step();
          if (erase(id)) ended += 1;
        }
        return ended + (await store.deleteByUser(userKey));
      },
    }),
  },
  {
    name: "set writes the session in one trip, and its end in another",
    breaks: "G4",
    caughtBy: "a client that dies in the midst of a write leaves no session without an end",
    make: ({ store, data, step }) => ({
      async set(session) {
        await store.set({ ...session, expiresAt: Number.MAX_SAFE_INTEGER });
        const written = data.records.get(session.id);
        await step();
        if (written !== undefined) {
          data.records.set(session.id, { text: JSON.stringify(session), expiresAt: session.expiresAt });
        }
      },
    }),
  },
];
