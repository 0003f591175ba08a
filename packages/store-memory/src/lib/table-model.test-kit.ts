import type { StoredSession } from "@ventostack/auth-core";
import type { Entry } from "./entry-table.ts";

/** What the table does, as plainly as it can be said, however long it takes. */
export interface TableModel {
  find(key: string): Entry | undefined;
  put(entry: Entry): void;
  remove(key: string): void;
  setExpiresAt(key: string, at: number): void;
  keysOfUser(userKey: string): string[];
  entries(): Entry[];
  sessionOf(entry: Entry): StoredSession;
  readonly size: number;
}

export function createTableModel(maxEntries: number): TableModel {
  /** In the order in which they were last used. */
  const entries = new Map<string, Entry>();
  /** In the order in which they joined. */
  const users = new Map<string, string[]>();

  function use(key: string, entry: Entry): void {
    entries.delete(key);
    entries.set(key, entry);
  }

  function leave({ key, userKey }: Entry): void {
    if (userKey === undefined) return;
    users.set(
      userKey,
      (users.get(userKey) ?? []).filter((other) => other !== key),
    );
  }

  function remove(key: string): void {
    const entry = entries.get(key);
    if (entry !== undefined) leave(entry);
    entries.delete(key);
  }

  return {
    find(key) {
      const entry = entries.get(key);
      if (entry !== undefined) use(key, entry);
      return entry;
    },

    put(entry) {
      const { key, userKey } = entry;
      const before = entries.get(key);
      if (before === undefined || before.userKey !== userKey) {
        if (before !== undefined) leave(before);
        if (userKey !== undefined) users.set(userKey, [...(users.get(userKey) ?? []), key]);
      }
      use(key, entry);
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) remove(oldest);
    },

    remove,

    setExpiresAt(key, expiresAt) {
      const entry = entries.get(key);
      if (entry !== undefined) entries.set(key, { ...entry, expiresAt });
    },

    keysOfUser: (userKey) => [...(users.get(userKey) ?? [])],
    entries: () => [...entries.values()],

    sessionOf({ key, userKey, data, expiresAt, createdAt, revision, rare }) {
      const session: StoredSession = {
        id: key,
        data: JSON.parse(data),
        expiresAt,
        createdAt,
        revision,
        version: rare?.version ?? 1,
      };
      if (userKey !== undefined) session.userKey = userKey;
      if (rare?.absoluteExpiresAt !== undefined) session.absoluteExpiresAt = rare.absoluteExpiresAt;
      if (rare?.notes !== undefined) session.notes = JSON.parse(rare.notes);
      return session;
    },

    get size() {
      return entries.size;
    },
  };
}
