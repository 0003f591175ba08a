import type { SessionStore } from "../../packages/auth/src/index.ts";

/** One call in so many goes wrong. */
const SELDOM = 50;
const now = (): boolean => Math.random() * SELDOM < 1;

/** Bugs to plant, to see that the soak finds them: the store with the bug in it. */
export const plants: Readonly<Record<string, (store: Required<SessionStore>) => Partial<SessionStore>>> = {
  /** G1: a log-out that is not done. */
  undead: (store) => ({ delete: async (id) => (now() ? undefined : store.delete(id)) }),
  /** G2: a write that does not look whether another one came first. */
  "lost-update": (store) => ({
    async replace(id, session, revision) {
      const current = now() && session.id === id ? await store.load(id) : null;
      return store.replace(id, session, current?.revision ?? revision);
    },
  }),
  /** G3: an end that is told earlier than it is. */
  backwards: (store) => ({
    async load(id) {
      const found = await store.load(id);
      return found !== null && now() ? { ...found, expiresAt: found.expiresAt - 1000 } : found;
    },
  }),
  /** G5: log-out everywhere that leaves out the newest session. */
  survivor: (store) => ({
    async deleteByUser(userKey, options) {
      const newest = (await store.listByUser(userKey)).at(-1);
      return store.deleteByUser(userKey, newest === undefined ? options : { ...options, except: newest.id });
    },
  }),
  /** G6: a store that is down taken for one without the session. */
  silent: (store) => ({ load: async (id) => Promise.resolve(store.load(id)).catch(() => null) }),
};
