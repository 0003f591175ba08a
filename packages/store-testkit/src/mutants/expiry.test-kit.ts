import type { Mutant } from "./mutant.test-kit.ts";
import type { Parts } from "./reference-store.test-kit.ts";

const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** Gives the record another end than the one that a reader is told. */
function endAt({ data }: Parts, id: string, expiresAt: number): void {
  const record = data.records.get(id);
  if (record !== undefined) data.records.set(id, { ...record, expiresAt });
}

export const expiryMutants: readonly Mutant[] = [
  {
    name: "get does not look at the end",
    breaks: "G3",
    caughtBy: "a session that was set lives until its expiresAt, and no longer",
    make: ({ data }) => ({
      async get(id) {
        const record = data.records.get(id);
        return record === undefined ? null : { ...JSON.parse(record.text), expiresAt: record.expiresAt };
      },
    }),
  },
  {
    name: "the end is kept in whole seconds, rounded up",
    breaks: "G3",
    caughtBy: "a session that was set lives until its expiresAt, and no longer",
    make: ({ store }) => ({
      set: (session) =>
        store.set({ ...session, expiresAt: Math.ceil(session.expiresAt / 1000) * 1000 + 1000 }),
    }),
  },
  {
    name: "the end is kept in whole seconds, rounded down",
    breaks: "G3",
    caughtBy: "a session that was set lives until its expiresAt, and no longer",
    make: ({ store }) => ({
      set: (session) => store.set({ ...session, expiresAt: Math.floor(session.expiresAt / 1000) * 1000 - 1 }),
    }),
  },
  {
    name: "set over a session keeps the end of the one before",
    breaks: "G3",
    caughtBy: "set again gives the session its new end: a later one",
    make: ({ store, read }) => ({
      set: async (session) =>
        store.set({ ...session, expiresAt: read(session.id)?.expiresAt ?? session.expiresAt }),
    }),
  },
  {
    name: "set over a session keeps the later of the two ends",
    breaks: "G3",
    caughtBy: "a session set with an end in the past is not there",
    make: ({ store, read }) => ({
      set: async (session) =>
        store.set({ ...session, expiresAt: Math.max(read(session.id)?.expiresAt ?? 0, session.expiresAt) }),
    }),
  },
  {
    name: "an end in the past means for ever",
    breaks: "G3",
    caughtBy: "a session set with an end in the past is not there",
    make: ({ store, clock }) => ({
      set: (session) =>
        store.set(session.expiresAt > clock() ? session : { ...session, expiresAt: FOR_EVER }),
    }),
  },
  {
    name: "sessions end by a timer, which counts to 24.8 days",
    breaks: "G3",
    caughtBy: "a session of 400 days is there, and ends then",
    make: ({ store, erase, clock }) => ({
      async set(session) {
        await store.set(session);
        if (session.expiresAt - clock() >= 2 ** 31) setTimeout(() => erase(session.id), 1);
      },
    }),
  },
  {
    name: "touch brings an expired session back",
    breaks: "G3",
    caughtBy: "a touch does not bring an expired session back",
    make: (parts) => ({
      touch: async (id, ttl) => endAt(parts, id, parts.clock() + ttl * 1000),
    }),
  },
  {
    name: "touch shortens",
    breaks: "G3",
    caughtBy: "a touch never shortens a session's life",
    make: (parts) => ({
      async touch(id, ttl) {
        if (parts.read(id) !== null) endAt(parts, id, parts.clock() + ttl * 1000);
      },
    }),
  },
  {
    name: "touch takes the seconds for milliseconds",
    breaks: "G3",
    caughtBy: "a touch lets the session live for ttl seconds from now, and get says so",
    make: ({ store }) => ({ touch: (id, ttl) => store.touch(id, ttl / 1000) }),
  },
  {
    name: "touch gives a thousand times as much",
    breaks: "G3",
    caughtBy: "a touch lets the session live for ttl seconds from now, and get says so",
    make: ({ store }) => ({ touch: (id, ttl) => store.touch(id, ttl * 1000) }),
  },
  {
    name: "touch does nothing",
    breaks: "G3",
    caughtBy: "a touch lets the session live for ttl seconds from now, and get says so",
    make: () => ({ async touch() {} }),
  },
  {
    name: "touch extends what is enforced, and get gives the end from before",
    breaks: "G3",
    caughtBy: "a touch changes the end alone",
    make: ({ data, read }) => ({
      async get(id) {
        const found = read(id);
        return found && { ...found, expiresAt: JSON.parse(data.records.get(id)?.text ?? "{}").expiresAt };
      },
    }),
  },
  {
    name: "touch reads the end in one trip, and writes it in another",
    breaks: "G3",
    caughtBy: "of two touches at once the one that gives more counts",
    make: (parts) => ({
      async touch(id, ttl) {
        await parts.step();
        const end = Math.max(parts.read(id)?.expiresAt ?? 0, parts.clock() + ttl * 1000);
        await parts.step();
        if (parts.read(id) !== null) endAt(parts, id, end);
      },
    }),
  },
  {
    name: "touch passes the absolute end",
    breaks: "G3",
    caughtBy: "touch and refresh never pass the absolute end",
    make: (parts) => ({
      async touch(id, ttl) {
        const end = parts.clock() + ttl * 1000;
        if ((parts.read(id)?.expiresAt ?? end) < end) endAt(parts, id, end);
      },
    }),
  },
  {
    name: "refresh gives the session as it was before",
    breaks: "G3",
    caughtBy: "refresh extends the session, and gives it with the end that it has then",
    make: ({ store, read }) => ({
      async refresh(id, ttl, whenBelow) {
        const before = read(id);
        const refreshed = await store.refresh(id, ttl, whenBelow);
        return refreshed && before && { ...refreshed, session: before };
      },
    }),
  },
  {
    name: "an update gives the session the end that it was written with",
    breaks: "G3",
    caughtBy: "an update does not change how long the session lives: not to shorter",
    make: (parts) => ({
      async replace(id, session, revision) {
        const outcome = await parts.store.replace(id, session, revision);
        if (outcome === "replaced") endAt(parts, session.id, session.expiresAt);
        return outcome;
      },
    }),
  },
  {
    name: "an update takes the end away, as a plain SET does",
    breaks: "G3",
    caughtBy: "an update does not change how long the session lives: not to longer",
    make: (parts) => ({
      async replace(id, session, revision) {
        const outcome = await parts.store.replace(id, session, revision);
        if (outcome === "replaced" && session.id === id) endAt(parts, id, FOR_EVER);
        return outcome;
      },
    }),
  },
  {
    name: "a session that moves keeps the end that it had",
    breaks: "G3",
    caughtBy: "a session that moves to a new id lives until the end that it is given there",
    make: ({ store, read }) => ({
      replace: async (id, session, revision) =>
        store.replace(id, { ...session, expiresAt: read(id)?.expiresAt ?? session.expiresAt }, revision),
    }),
  },
  {
    name: "an expired session still has its id, for insert",
    breaks: "G3",
    caughtBy: "insert takes the place of an expired session",
    make: ({ data, store }) => ({
      insert: async (session) => !data.records.has(session.id) && store.insert(session),
    }),
  },
  {
    name: "refresh with whenBelow extends whatever is left",
    breaks: "G10",
    caughtBy: "refresh with whenBelow extends only a session that has no more than that left",
    make: ({ store }) => ({ refresh: (id, ttl) => store.refresh(id, ttl) }),
  },
  {
    name: "refresh looks in one trip, and extends in another, for everyone who asks",
    breaks: "G10",
    caughtBy: "of many clients that refresh at once with whenBelow, one extends the session",
    make: ({ store, step, clock }) => ({
      async refresh(id, ttl, whenBelow = Number.POSITIVE_INFINITY) {
        const found = await store.load(id);
        if (found === null) return null;
        if (found.expiresAt - clock() > whenBelow * 1000) return { session: found, extended: false };
        await step();
        await store.touch(id, ttl);
        return { session: (await store.load(id)) ?? found, extended: true };
      },
    }),
  },
  {
    name: "refresh reads in a trip of its own",
    breaks: "G10",
    caughtBy: "a refresh that has nothing to extend takes one trip",
    make: ({ store }) => ({
      async refresh(id, ttl, whenBelow) {
        const found = await store.load(id);
        return found && store.refresh(id, ttl, whenBelow);
      },
    }),
  },
  {
    name: "a read asks for the end in a trip of its own",
    breaks: "G10",
    caughtBy: "a read takes one trip, whether the session is there or not",
    make: ({ store, step }) => ({
      async load(id) {
        await step();
        return store.load(id);
      },
    }),
  },
];
