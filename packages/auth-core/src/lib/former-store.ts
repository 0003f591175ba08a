import { isExpired } from "./expiry.ts";
import { invalidOption } from "./option-check.ts";
import type {
  Awaitable,
  DeleteByUserOptions,
  ListByUserOptions,
  SessionStore,
  StoredSession,
} from "./session-store.ts";
import { checkRecord, toStoredSession } from "./stored-session.ts";

export interface FormerStoreOptions {
  /** The store to move away from. Any one. */
  from: SessionStore;
  /** The store to move to. */
  to: SessionStore;
  /**
   * What keys begin with in `from`, and what the manager puts before them now. Needed only for managers that were, or are,
   * given a `prefix`. Default: `"session:"`, or nothing where the store names its own keys.
   */
  prefix?: { from?: string; to?: string };
  /** The current time in milliseconds since the epoch. Default `Date.now`. */
  clock?: () => number;
}

/** The store that sessions are moved away from, by the keys that they have in the new one. */
export interface FormerStore {
  load(key: string): Promise<StoredSession | null>;
  delete(key: string): Promise<void>;
  remove?(key: string): Promise<StoredSession | null>;
  readonly byUser?: {
    list(userKey: string, options?: ListByUserOptions): Promise<StoredSession[]>;
    delete(userKey: string, options: DeleteByUserOptions): Awaitable<number>;
  };
}

export function createFormerStore({
  from,
  to,
  prefix = {},
  clock = Date.now,
}: FormerStoreOptions): FormerStore {
  for (const method of ["get", "set", "delete", "touch"] as const) {
    if (typeof from?.[method] !== "function")
      throw invalidOption("from", from, `it must be a store, with ${method}`);
  }
  const before = prefix.from ?? naturalPrefix(from);
  const now = prefix.to ?? naturalPrefix(to);
  const toOld = (key: string): string => before + key.slice(now.length);
  const toNew = (key: string): string => now + key.slice(before.length);

  const renamed = (record: StoredSession): StoredSession => ({
    ...record,
    id: toNew(record.id),
    ...(record.userKey !== undefined && { userKey: toNew(record.userKey) }),
  });

  async function load(key: string): Promise<StoredSession | null> {
    const old = toOld(key);
    if (from.load === undefined) {
      const found = await from.get(old);
      return found && alive(toStoredSession(old, found));
    }
    const found = await from.load(old);
    if (found) checkRecord(found);
    return found && alive(found);
  }

  const alive = (record: StoredSession): StoredSession | null =>
    isExpired(record, clock()) ? null : renamed(record);

  const remove = from.remove?.bind(from);
  const list = from.listByUser?.bind(from);
  const deleteAll = from.deleteByUser?.bind(from);
  return {
    load,
    delete: (key) => from.delete(toOld(key)),
    ...(remove && {
      async remove(key: string) {
        const removed = await remove(toOld(key));
        return removed && renamed(removed);
      },
    }),
    ...(list &&
      deleteAll && {
        byUser: {
          async list(userKey: string, options?: ListByUserOptions) {
            return (await list(toOld(userKey), options)).map(renamed);
          },
          delete: (userKey: string, { except, onEnded, ...options }: DeleteByUserOptions) =>
            deleteAll(toOld(userKey), {
              ...options,
              ...(except !== undefined && { except: toOld(except) }),
              ...(onEnded && { onEnded: (key) => onEnded(toNew(key)) }),
            }),
        },
      }),
  };
}

/** What a manager without a `prefix` of its own puts before the keys of that store. */
function naturalPrefix(store: SessionStore): string {
  return store?.keyPrefix === undefined ? "session:" : "";
}
