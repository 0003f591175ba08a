import type { Session, StoredSession } from "@ventostack/auth-core";
import type { Mutant } from "./mutant.test-kit.ts";
import type { FullStore, Parts, ServerData } from "./reference-store.test-kit.ts";

/** A store whose data go through `change` on their way in. */
function changing(change: (data: StoredSession["data"]) => unknown): Mutant["make"] {
  return ({ store }) => ({
    set: (session) => store.set({ ...session, data: change(session.data) as StoredSession["data"] }),
  });
}

/** A store whose ids are not what they are given as. */
function naming(nameOf: (id: string) => string): (parts: Parts) => Partial<FullStore> {
  return ({ store }) => ({
    get: async (id) => {
      const found = await store.get(nameOf(id));
      return found && { ...found, id };
    },
    set: (session) => store.set({ ...session, id: nameOf(session.id) }),
    delete: (id) => store.delete(nameOf(id)),
  });
}

/** The very objects that a store in memory keeps. */
const objects = new WeakMap<ServerData, Map<string, Session>>();

function keptOn({ data }: Parts): Map<string, Session> {
  const kept = objects.get(data) ?? new Map<string, Session>();
  objects.set(data, kept);
  return kept;
}

const throughJson = (data: unknown, revive: (value: unknown) => unknown): unknown =>
  JSON.parse(JSON.stringify(data), (_, value) => revive(value));

/** As `for (const name in source) target[name] = ...` does it: a `__proto__` becomes the prototype. */
function copyCarelessly(source: unknown): unknown {
  if (typeof source !== "object" || source === null) return source;
  const target: Record<string, unknown> = Array.isArray(source) ? ([] as never) : {};
  for (const name of Object.keys(source)) target[name] = copyCarelessly(Reflect.get(source, name));
  return target;
}

export const meaningMutants: readonly Mutant[] = [
  {
    name: "the store keeps the object that it is given",
    breaks: "G9",
    caughtBy: "what set is given and get gives shares no memory with the store",
    make: (parts) => ({
      get: async (id) => structuredClone(keptOn(parts).get(id) ?? null),
      set: async (session) => void keptOn(parts).set(session.id, session),
    }),
  },
  {
    name: "the store gives out the object that it keeps",
    breaks: "G9",
    caughtBy: "two reads share no memory with each other",
    make: (parts) => ({
      get: async (id) => keptOn(parts).get(id) ?? null,
      set: async (session) => void keptOn(parts).set(session.id, structuredClone(session)),
    }),
  },
  {
    name: "the store copies the session, but not the data in it",
    breaks: "G9",
    caughtBy: "what insert is given and load gives shares no memory with the store",
    make: (parts) => ({
      load(id) {
        const found = keptOn(parts).get(id);
        return found === undefined ? null : { ...(found as StoredSession) };
      },
      insert(session) {
        keptOn(parts).set(session.id, { ...session });
        return true;
      },
    }),
  },
  {
    name: "the store writes into the session that it is given",
    breaks: "G9",
    caughtBy: "what a store is given it does not change",
    make: ({ store }) => ({
      set: (session) => store.set(Object.assign(session, { expiresAt: session.expiresAt })),
    }),
  },
  {
    name: "empty lists come back as empty objects, as from cjson",
    breaks: "G9",
    caughtBy: "data come back as they were: empty objects, lists, texts, null and false",
    make: changing((data) =>
      throughJson(data, (value) => (Array.isArray(value) && value.length === 0 ? {} : value)),
    ),
  },
  {
    name: "numbers keep 15 digits",
    breaks: "G9",
    caughtBy: "data come back as they were: numbers at their edges",
    make: changing((data) =>
      throughJson(data, (value) => (typeof value === "number" ? Number(value.toPrecision(15)) : value)),
    ),
  },
  {
    name: "what looks like a date comes back as one",
    breaks: "G9",
    caughtBy: "data come back as they were: texts that look like something else",
    make: ({ store }) => ({
      async get(id) {
        const found = await store.get(id);
        const revive = (value: unknown): unknown =>
          typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value) : value;
        return found && { ...found, data: throughJson(found.data, revive) as StoredSession["data"] };
      },
    }),
  },
  {
    name: "text ends at NUL",
    breaks: "G9",
    caughtBy: "data come back as they were: text with NUL, and with half of a surrogate pair",
    make: changing((data) =>
      throughJson(data, (value) => (typeof value === "string" ? value.split("\0")[0] : value)),
    ),
  },
  {
    name: "text goes through UTF-8 by itself, and loses half surrogate pairs",
    breaks: "G9",
    caughtBy: "data come back as they were: text with NUL, and with half of a surrogate pair",
    make: changing((data) =>
      throughJson(data, (value) =>
        typeof value === "string" ? new TextDecoder().decode(new TextEncoder().encode(value)) : value,
      ),
    ),
  },
  {
    name: "text is normalised",
    breaks: "G9",
    caughtBy: "data come back as they were: text of every script, with quotes, line breaks and escapes",
    make: changing((data) =>
      throughJson(data, (value) => (typeof value === "string" ? value.normalize() : value)),
    ),
  },
  {
    name: "nulls are left out",
    breaks: "G9",
    caughtBy: "data come back as they were: empty objects, lists, texts, null and false",
    make: changing((data) => throughJson(data, (value) => value ?? undefined)),
  },
  {
    name: "a record holds no more than 64 kB",
    breaks: "G9",
    caughtBy: "data come back as they were: a text of 256 kB",
    make: ({ store }) => ({
      async set(session) {
        if (JSON.stringify(session.data).length > 65_535) throw new Error("Data too long for column 'data'");
        await store.set(session);
      },
    }),
  },
  {
    name: "a copy of the data takes __proto__ for the prototype",
    breaks: "G9",
    caughtBy: "a __proto__ among the data changes no prototype",
    make: ({ store }) => ({
      async get(id) {
        const found = await store.get(id);
        return found && { ...found, data: copyCarelessly(found.data) as StoredSession["data"] };
      },
    }),
  },
  {
    name: "ids are told apart without regard to case",
    breaks: "G9",
    caughtBy: "ids are taken as they are, whatever they hold, and none for another",
    make: naming((id) => id.toLowerCase()),
  },
  {
    name: "blanks at the end of an id do not count",
    breaks: "G9",
    caughtBy: "ids are taken as they are, whatever they hold, and none for another",
    make: naming((id) => id.trimEnd()),
  },
  {
    name: "ids are normalised",
    breaks: "G9",
    caughtBy: "ids are taken as they are, whatever they hold, and none for another",
    make: naming((id) => id.normalize()),
  },
  {
    name: "an id ends after 255 characters",
    breaks: "G9",
    caughtBy: "ids are taken as they are, whatever they hold, and none for another",
    make: naming((id) => id.slice(0, 255)),
  },
  {
    name: "sessions are the properties of an object, which has some already",
    breaks: "G9",
    caughtBy: "ids are taken as they are, whatever they hold, and none for another",
    make({ store }) {
      const kept: Record<string, Session> = {};
      return {
        async get(id) {
          return kept[id] ?? store.get(id);
        },
      };
    },
  },
  {
    name: "two spaces of one server are the same",
    breaks: "G9",
    caughtBy: "a store sees and ends nothing of a store with another space",
    make: (() => {
      const kept = new Map<string, Session>();
      return () => ({
        get: async (id) => kept.get(id) ?? null,
        set: async (session) => void kept.set(session.id, session),
        delete: async (id) => void kept.delete(id),
      });
    })(),
  },
];
