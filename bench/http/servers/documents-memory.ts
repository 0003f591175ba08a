import { TTL, type User } from "../user.ts";
import { serveDocuments } from "./documents.ts";

export function start(): number {
  const sessions = new Map<string, { data: User; expiresAt: number }>();
  const live = (id: string) => {
    const session = sessions.get(id);
    return session !== undefined && session.expiresAt > Date.now() ? session : null;
  };
  return serveDocuments({
    get: async (id) => {
      const session = live(id);
      return session && { ...session, data: { ...session.data } };
    },
    set: async (id, data) => {
      sessions.set(id, { data, expiresAt: Date.now() + TTL * 1000 });
    },
    touch: async (id) => {
      const session = live(id);
      if (session !== null) session.expiresAt = Date.now() + TTL * 1000;
    },
  });
}
