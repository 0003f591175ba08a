import type { SessionStore, StoredSession } from "@ventostack/auth-core";
import type { Keys } from "./keys.ts";
import { decodeRecord, encodeRecord, MAX_TIME, unreadable } from "./record.ts";
import { unlessUnreadable } from "./redis-errors.ts";
import type { RedisSessionClientLike } from "./redis-session-client.ts";

/**
 * Seconds that a user's set lives, 400 days: EXPIRE sets what it is told to, and a session that ends soon must not cut
 * the life of a set that holds a longer one.
 */
const SET_LIFETIME = 34_560_000;

/**
 * A store on a client of four methods, or seven with sets. Such a client can neither compare-and-set nor write a value
 * together with its expiry, so updates are kept apart within one process only, and a process that dies between the
 * two commands leaves a key that Redis never removes by itself; it is dead all the same, because its end is in the
 * record, and the next read deletes it.
 */
export function createMinimalStore(client: RedisSessionClientLike, keys: Keys): SessionStore {
  const { sadd, srem, smembers } = client;
  // Another key than the sorted sets of a full client: the two may meet on one server.
  const setOf = (userKey: string): string => `${keys.user(userKey)}:set`;
  /** Those that are in their user's set already, and about to be written. */
  const beingWritten = new Set<string>();

  async function read(id: string): Promise<StoredSession | null> {
    const value = await client.get(keys.session(id));
    if (value === null || value === undefined) return null;
    const session = decodeRecord(id, value);
    if (session.expiresAt > Date.now()) return session;
    await client.del(keys.session(id));
    return null;
  }

  async function write(session: StoredSession): Promise<void> {
    const key = keys.session(session.id);
    await client.set(key, encodeRecord({ session, indexedUntil: MAX_TIME }));
    await client.expire(key, secondsUntil(session.expiresAt));
  }

  async function set(given: Parameters<SessionStore["set"]>[0]): Promise<void> {
    const session: StoredSession = { createdAt: Date.now(), revision: 0, version: 1, ...given };
    if (session.expiresAt <= Date.now()) {
      await client.del(keys.session(session.id));
      return;
    }
    beingWritten.add(session.id);
    try {
      await addToSet(session);
      await write(session);
    } finally {
      beingWritten.delete(session.id);
    }
  }

  async function addToSet(session: StoredSession): Promise<void> {
    if (session.userKey !== undefined && sadd) {
      // Before the session, so that none is ever outside of its user's set.
      await sadd.call(client, setOf(session.userKey), session.id);
      const lifetime = Math.max(secondsUntil(session.expiresAt) * 2, SET_LIFETIME);
      await client.expire(setOf(session.userKey), lifetime);
    }
  }

  async function touch(id: string, ttl: number): Promise<void> {
    const session = await read(id);
    if (session === null) return;
    const end = Math.min(Date.now() + ttl * 1000, session.absoluteExpiresAt ?? MAX_TIME);
    if (end > session.expiresAt) await set({ ...session, expiresAt: end });
  }

  const store: SessionStore = {
    capabilities: { atomic: false, byUser: false },
    get: read,
    set,
    touch,
    delete: async (id) => {
      await client.del(keys.session(id));
    },
  };
  if (!sadd || !srem || !smembers) return store;

  interface Member {
    readonly id: string;
    readonly session: StoredSession | null;
    /** It was still to be written when the set was read: by now it may be there, and not have been found. */
    readonly wasBeingWritten: boolean;
  }

  async function ofUser(userKey: string): Promise<Member[]> {
    const ids = (await smembers?.call(client, setOf(userKey))) ?? [];
    return Promise.all(
      ids.map(async (id) => {
        const wasBeingWritten = beingWritten.has(id);
        return { id, session: await unlessUnreadable(read(id), unreadable(id)), wasBeingWritten };
      }),
    );
  }

  return {
    ...store,
    capabilities: { atomic: false, byUser: true },
    async delete(id) {
      // One that cannot be read goes as well; whose it was cannot be told.
      const session = await unlessUnreadable(read(id), null);
      await store.delete(id);
      if (session?.userKey !== undefined) await srem.call(client, setOf(session.userKey), id);
    },
    async listByUser(userKey) {
      const found = await ofUser(userKey);
      const sessions = found.flatMap(({ session }) =>
        session?.userKey === userKey || session?.version === 0 ? session : [],
      );
      // A plain set has no order: the time of creation comes closest to that of joining.
      return sessions.sort((one, other) => one.createdAt - other.createdAt);
    },
    async deleteByUser(userKey, { except, onTrip, onEnded } = {}) {
      let ended = 0;
      for (const { id, session, wasBeingWritten } of await ofUser(userKey)) {
        const isOwn = session?.userKey === userKey;
        // One that cannot be read stays where the release that can read it looks for it.
        if (id === except || session?.version === 0 || (!isOwn && (wasBeingWritten || beingWritten.has(id))))
          continue;
        if (isOwn && (await client.del(keys.session(id))) > 0) {
          ended++;
          onEnded?.(id);
        }
        await srem.call(client, setOf(userKey), id);
        onTrip?.();
      }
      return ended;
    },
  };
}

function secondsUntil(time: number): number {
  return Math.max(Math.ceil((time - Date.now()) / 1000), 1);
}
