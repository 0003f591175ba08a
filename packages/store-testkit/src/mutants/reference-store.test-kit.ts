import type { SessionStore, StoredSession } from "@ventostack/auth-core";
import type { StoreSetup } from "../index.ts";

export type FullStore = Required<Omit<SessionStore, "keyPrefix">>;

/** What a server would hold for one space. */
export interface ServerData {
  /** JSON text, as it would be on its way to a server. */
  readonly records: Map<string, { readonly text: string; readonly expiresAt: number }>;
  /** The ids of each user's sessions, in the order in which they joined. */
  readonly users: Map<string, Set<string>>;
}

export function createServerData(): ServerData {
  return { records: new Map(), users: new Map() };
}

/** The parts that a correct store is made of, which are also what a broken one can be made of. */
export interface Parts extends StoreSetup {
  readonly data: ServerData;
  /** Each of these is one thing that a server does in one go. */
  read(id: string): StoredSession | null;
  write(session: StoredSession): void;
  erase(id: string): boolean;
  extend(id: string, ttl: number): boolean;
  /** The correct store. */
  readonly store: FullStore;
}

/** A client of that server, correct and as plain as can be: every operation is one trip. */
export function createReference(setup: StoreSetup, data: ServerData): Parts {
  const { clock, step } = setup;
  let closed = false;

  async function trip(): Promise<void> {
    if (closed) throw new Error("The store is closed.");
    await step();
  }

  function read(id: string): StoredSession | null {
    const record = data.records.get(id);
    if (record === undefined) return null;
    if (record.expiresAt > clock()) return { ...JSON.parse(record.text), expiresAt: record.expiresAt };
    erase(id);
    return null;
  }

  function erase(id: string): boolean {
    const record = data.records.get(id);
    data.records.delete(id);
    for (const [userKey, ids] of data.users) {
      if (ids.delete(id) && ids.size === 0) data.users.delete(userKey);
    }
    return record !== undefined && record.expiresAt > clock();
  }

  function write(session: StoredSession): void {
    const { id, userKey } = session;
    // One that stays with its user keeps its place in the order.
    if (read(id)?.userKey !== userKey) erase(id);
    data.records.set(id, { text: JSON.stringify(session), expiresAt: session.expiresAt });
    if (userKey === undefined) return;
    const ids = data.users.get(userKey) ?? new Set();
    data.users.set(userKey, ids.add(id));
    for (const other of [...ids]) read(other);
  }

  function extend(id: string, ttl: number): boolean {
    const found = read(id);
    if (found === null) return false;
    const wanted = Math.min(clock() + ttl * 1000, found.absoluteExpiresAt ?? Number.POSITIVE_INFINITY);
    if (wanted <= found.expiresAt) return false;
    data.records.set(id, { text: JSON.stringify(found), expiresAt: wanted });
    return true;
  }

  const store: FullStore = {
    capabilities: { atomic: true, byUser: true },
    async get(id) {
      await trip();
      return read(id);
    },
    async load(id) {
      await trip();
      return read(id);
    },
    async set(session) {
      const kept: StoredSession = {
        createdAt: clock(),
        revision: 0,
        version: 1,
        ...structuredClone(session),
      };
      await trip();
      write(kept);
    },
    async delete(id) {
      await trip();
      erase(id);
    },
    async touch(id, ttl) {
      await trip();
      extend(id, ttl);
    },
    async insert(session) {
      const kept = structuredClone(session);
      await trip();
      if (read(kept.id) !== null) return false;
      write(kept);
      return true;
    },
    async replace(id, session, revision) {
      const kept = structuredClone(session);
      await trip();
      const found = read(id);
      if (found === null) return "gone";
      const isMove = kept.id !== id;
      if (found.revision !== revision || (isMove && read(kept.id) !== null)) return "changed";
      if (isMove) erase(id);
      write(isMove ? kept : { ...kept, expiresAt: found.expiresAt });
      return "replaced";
    },
    async refresh(id, ttl, whenBelow = Number.POSITIVE_INFINITY) {
      await trip();
      const found = read(id);
      if (found === null) return null;
      const extended = found.expiresAt - clock() <= whenBelow * 1000 && extend(id, ttl);
      return { session: read(id) ?? found, extended };
    },
    async remove(id) {
      await trip();
      const found = read(id);
      erase(id);
      return found;
    },
    async listByUser(userKey) {
      await trip();
      return [...(data.users.get(userKey) ?? [])].flatMap((id) => read(id) ?? []);
    },
    async deleteByUser(userKey, { except, onEnded } = {}) {
      await trip();
      const ended = [...(data.users.get(userKey) ?? [])].filter((id) => id !== except && erase(id));
      for (const id of ended) onEnded?.(id);
      return ended.length;
    },
    async close() {
      closed = true;
    },
  };
  return { ...setup, data, read, write, erase, extend, store };
}
