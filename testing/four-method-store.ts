import type { Session, SessionStore } from "@ventostack/auth-core";

/** What somebody would write by hand to the documented interface, and no more: four methods, objects kept as given. */
export function createFourMethodStore(clock: () => number): SessionStore {
  const sessions = new Map<string, Session>();
  const live = (id: string): Session | null => {
    const found = sessions.get(id);
    return found !== undefined && found.expiresAt > clock() ? found : null;
  };
  return {
    async get(id) {
      return live(id);
    },
    async set(session) {
      sessions.set(session.id, session);
    },
    async delete(id) {
      sessions.delete(id);
    },
    async touch(id, ttl) {
      const found = live(id);
      if (found) found.expiresAt = Math.max(found.expiresAt, clock() + ttl * 1000);
    },
  };
}
