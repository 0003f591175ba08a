import { type Awaitable, SessionError, type SessionStore, type StoredSession } from "@ventostack/auth-core";
import type { ToConnectStoreOptions } from "./to-connect-store.ts";

/** What is on a session, as JSON has it. */
export type Fields = Record<string, unknown>;

export interface SavedSessions {
  /** What is on the live session, or `null`. */
  load(key: string): Promise<Fields | null>;
  /** Notes that the object was made of what `load` gave. */
  adopt(session: object, fields: Fields): void;
  /** Writes what has changed on a session that was loaded, or the whole of a new one. `seconds`: how long it then lives. */
  save(key: string, session: object, seconds: number): Promise<void>;
  touch(key: string, seconds: number): Promise<void>;
  end(key: string): Promise<void>;
}

interface SavedSessionsOptions extends ToConnectStoreOptions {
  readonly prefix: string;
  /** Calls the store, within the time limit and with any fault as a `SessionError`. */
  readonly trip: <Answer>(method: string, call: () => Awaitable<Answer>) => Awaitable<Answer>;
}

/** How often a change is tried before the other writers are said to leave no chance. */
const MAX_ATTEMPTS = 100;

/** Sessions whose objects come and go with requests: which of them were in the store, and what was on them then. */
export function createSavedSessions(store: SessionStore, options: SavedSessionsOptions): SavedSessions {
  const { prefix, trip, absoluteTtl, clock = Date.now, userIdOf = userIdOn } = options;
  /** By what was loaded, and by the object that express-session made of it: each field as JSON. */
  const known = new WeakMap<object, Map<string, string>>();

  const read = async (key: string): Promise<StoredSession | null> => {
    const found = await (store.load
      ? trip("load", () => store.load?.(key) ?? null)
      : trip("get", () => store.get(key)));
    if (found === null) return null;
    const record: StoredSession = { createdAt: 0, revision: 0, version: 1, ...found };
    return record.expiresAt <= clock() ? null : record;
  };

  function owner(data: Fields): { userKey?: string } {
    const userId = userIdOf(data);
    return userId === undefined || userId === "" ? {} : { userKey: prefix + userId };
  }

  async function create(key: string, data: Fields, seconds: number): Promise<void> {
    const createdAt = clock();
    const absoluteExpiresAt = absoluteTtl === undefined ? undefined : createdAt + absoluteTtl * 1000;
    const record: StoredSession = {
      id: key,
      data,
      createdAt,
      expiresAt: Math.min(createdAt + seconds * 1000, absoluteExpiresAt ?? Number.POSITIVE_INFINITY),
      ...(absoluteExpiresAt !== undefined && { absoluteExpiresAt }),
      ...owner(data),
      revision: Math.floor(Math.random() * 2 ** 40),
      version: 1,
    };
    const insert = store.insert?.bind(store);
    if (insert === undefined) await trip("set", () => store.set(record));
    else if (!(await trip("insert", () => insert(record)))) throw conflict("Its id was in use already.");
  }

  /** Puts the fields that have changed since they were loaded over those that the live session has now. */
  async function change(key: string, data: Fields, before: ReadonlyMap<string, string>): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const found = await read(key);
      // Ended meanwhile: whoever ended it meant this session, whatever is still on its way.
      if (found === null) return;
      const { userKey: _, ...current } = found;
      const fields: Fields = { ...current.data };
      for (const name of before.keys()) if (!(name in data)) delete fields[name];
      for (const [name, value] of Object.entries(data)) {
        if (before.get(name) !== JSON.stringify(value)) fields[name] = value;
      }
      const changed = { ...current, ...owner(fields), data: fields, revision: found.revision + 1 };
      const replace = store.replace?.bind(store);
      if (replace === undefined) return trip("set", () => store.set(changed));
      const outcome = await trip("replace", () => replace(key, changed, found.revision));
      if (outcome !== "changed") return;
    }
    throw conflict("It was changed by others again and again.");
  }

  async function extend(key: string, seconds: number): Promise<void> {
    await trip("touch", () => store.touch(key, seconds));
  }

  return {
    async load(key) {
      const found = await read(key);
      if (found === null) return null;
      known.set(found.data, snapshot(found.data));
      return found.data;
    },

    adopt(session, fields) {
      // Taken as it was loaded: express-session has put a cookie of its own on it by now.
      known.set(session, known.get(fields) ?? snapshot(fields));
    },

    async save(key, session, seconds) {
      const data = JSON.parse(JSON.stringify(session)) as Fields;
      const before = known.get(session);
      // Noted first: a second save of this object, while the first is on its way, is not that of a new session.
      known.set(session, snapshot(data));
      if (before === undefined) return create(key, data, seconds);
      await change(key, data, before);
      await extend(key, seconds);
    },

    touch: extend,

    async end(key) {
      await trip("delete", () => store.delete(key));
    },
  };
}

function snapshot(data: Fields): Map<string, string> {
  return new Map(Object.entries(data).map(([name, value]) => [name, JSON.stringify(value)]));
}

function userIdOn({ userId }: Fields): string | undefined {
  return typeof userId === "string" || typeof userId === "number" ? String(userId) : undefined;
}

function conflict(what: string): SessionError {
  return new SessionError("CONFLICT", `The session could not be written. ${what}`);
}
