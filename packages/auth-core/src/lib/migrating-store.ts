import { setTimeout } from "node:timers/promises";
import { createFormerStore, type FormerStoreOptions } from "./former-store.ts";
import { invalidOption } from "./option-check.ts";
import type { Refreshed, SessionStore, StoredSession } from "./session-store.ts";

export interface MigratingStoreOptions extends FormerStoreOptions {
  /** The store to move to. It has to have `load`, `insert`, `replace` and `refresh`, as every built-in store does. */
  to: SessionStore;
}

/** Milliseconds after which a session that a process was moving when it died can be moved by another. */
const MOVE_TIME = 10_000;
/** Milliseconds between two looks at a session that another caller is moving. */
const PAUSE = 5;
/** No record has it: the mark of a session that is being moved, which to whoever meets it elsewhere is no session. */
const MARK = 0;

/**
 * One store made of two: new sessions are made in `to`, and one that is still in `from` is read there until it is next
 * written or extended, which moves it. What ends a session ends it in both. In use for as long as a session lives unused
 * (`ttl`), it empties `from`, without signing anyone out.
 *
 * At no moment can a move bring back what has been destroyed: see the comment at `move`. Throws `INVALID_OPTION`.
 */
export function createMigratingStore(options: MigratingStoreOptions): SessionStore {
  const { to, clock = Date.now } = options;
  const [load, insert, replace, refresh] = [
    needed(to, "load"),
    needed(to, "insert"),
    needed(to, "replace"),
    needed(to, "refresh"),
  ];
  const former = createFormerStore(options);
  const isMark = (record: StoredSession): boolean => record.version === MARK;
  const unmarked = (record: StoredSession | null): StoredSession | null =>
    record === null || isMark(record) ? null : record;

  async function find(key: string): Promise<StoredSession | null> {
    // Again in `to`, since a session may have moved between the two looks.
    return unmarked(await load(key)) ?? (await former.load(key)) ?? unmarked(await load(key));
  }

  /**
   * First the mark in `to`, which of all movers one can set; then the record is read, put in the mark's place, and only
   * then removed from `from`. Whoever destroys goes the same way: `from`, then `to`. So either the destroyer was at `from`
   * before the record was read, and there is nothing to move; or it comes to `to` after the mark was set, and takes away the
   * mark, which then nothing can replace, or the session itself. The mark has the user, so that this holds for
   * `deleteByUser`; and until the record stands in `to`, it can be read in `from`: a process that dies costs nobody the session.
   */
  async function move(key: string, seen: StoredSession): Promise<void> {
    const expiresAt = clock() + MOVE_TIME;
    const revision = Math.floor(Math.random() * 2 ** 40);
    const mark: StoredSession = {
      id: key,
      data: {},
      createdAt: clock(),
      expiresAt,
      // No refresh can keep it alive.
      absoluteExpiresAt: expiresAt,
      revision,
      version: MARK,
      ...(seen.userKey !== undefined && { userKey: seen.userKey }),
    };
    if (!(await insert(mark))) return;
    const session = await former.load(key);
    // Gone, or given to another user, whose `deleteByUser` would not find the mark: it ends by itself.
    if (session === null || session.userKey !== seen.userKey) return;
    if ((await replace(key, session, revision)) !== "replaced") return;
    await to.touch(key, Math.max(session.expiresAt - clock(), 1) / 1000);
    await former.delete(key);
  }

  /** Whether the session is in `to`, after having been brought there where it was not. */
  async function settle(key: string): Promise<boolean> {
    for (;;) {
      const here = await load(key);
      if (unmarked(here) !== null) return true;
      const there = await former.load(key);
      if (there === null) return unmarked(await load(key)) !== null;
      if (here === null) await move(key, there);
      else await setTimeout(PAUSE);
    }
  }

  async function refreshed(
    key: string,
    ttl: number,
    whenBelow?: number,
  ): Promise<Refreshed<StoredSession> | null> {
    const done = await refresh(key, ttl, whenBelow);
    if (done !== null && !isMark(done.session)) return done;
    const there = await former.load(key);
    if (whenBelow !== undefined && there !== null && there.expiresAt - clock() > whenBelow * 1000) {
      return { session: there, extended: false };
    }
    return (await settle(key)) ? refresh(key, ttl, whenBelow) : null;
  }

  return {
    capabilities: { atomic: true, byUser: former.byUser !== undefined && to.deleteByUser !== undefined },
    ...(to.keyPrefix !== undefined && { keyPrefix: to.keyPrefix }),

    get: find,
    load: find,
    insert,
    refresh: refreshed,

    async set(session) {
      await to.set(session);
      await former.delete(session.id);
    },

    async touch(key, ttl) {
      await refreshed(key, ttl);
    },

    async replace(key, session, revision) {
      if (!(await settle(key))) return "gone";
      // Were a copy left there by a process that died in its move, the old id would open it.
      if (session.id !== key) await former.delete(key);
      return replace(key, session, revision);
    },

    async delete(key) {
      await former.delete(key);
      await to.delete(key);
    },

    ...removing(),
    ...byUser(),

    async close() {
      await Promise.all([options.from.close?.(), to.close?.()]);
    },
  };

  function removing(): Pick<SessionStore, "remove"> {
    const removeHere = to.remove?.bind(to);
    if (removeHere === undefined || former.remove === undefined) return {};
    const removeThere = former.remove;
    return {
      async remove(key) {
        const there = await removeThere(key);
        return unmarked(await removeHere(key)) ?? there;
      },
    };
  }

  function byUser(): Pick<SessionStore, "listByUser" | "deleteByUser"> {
    const listHere = to.listByUser?.bind(to);
    const deleteHere = to.deleteByUser?.bind(to);
    const there = former.byUser;
    if (listHere === undefined || deleteHere === undefined || there === undefined) return {};
    return {
      async listByUser(userKey, listOptions) {
        const old = await there.list(userKey, listOptions);
        const moved = (await listHere(userKey, listOptions)).filter((record) => !isMark(record));
        const keys = new Set(moved.map(({ id }) => id));
        return [...old.filter(({ id }) => !keys.has(id)), ...moved];
      },

      async deleteByUser(userKey, { onEnded, ...deleteOptions } = {}) {
        // By key: a session that is being moved may be met in both.
        const ended = new Set<string>();
        const note = (key: string): void => {
          if (!ended.has(key)) onEnded?.(key);
          ended.add(key);
        };
        await there.delete(userKey, { ...deleteOptions, onEnded: note });
        await deleteHere(userKey, { ...deleteOptions, onEnded: note });
        return ended.size;
      },
    };
  }
}

function needed<Method extends "load" | "insert" | "replace" | "refresh">(
  store: SessionStore,
  method: Method,
): NonNullable<SessionStore[Method]> {
  const found = store?.[method];
  if (typeof found !== "function") throw invalidOption("to", store, `it must be a store with ${method}`);
  return found.bind(store) as NonNullable<SessionStore[Method]>;
}
