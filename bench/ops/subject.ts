import { RedisClient as BunRedisClient } from "bun";
import {
  createMemorySessionStore,
  createRedisSessionStore,
  createSessionManager,
  type SessionManager,
  type SessionStore,
} from "../../packages/auth/src/index.ts";
import { createRedisClient } from "../../packages/cache/src/index.ts";

/** A store under a manager, and the bare commands to which its operations are compared. */
export interface Subject {
  readonly name: string;
  readonly manager: SessionManager;
  readonly store: SessionStore;
  /** One read, and one write, without a session. */
  readonly bareRead: () => unknown;
  readonly bareWrite: () => unknown;
  close(): Promise<void>;
}

/** About 300 bytes of JSON. */
export function dataOf(index: number, userId = `user-${index}`): Record<string, unknown> {
  return {
    userId,
    role: "user",
    loginAt: "2026-01-01T00:00:00.000Z",
    theme: "dark",
    language: "en-GB",
    cart: [{ article: `article-${index}`, count: 2, price: 1995 }],
    returnTo: "/account/orders?page=2&sort=newest",
    flags: { beta: true, newsletter: false, seenTour: true },
    csrf: "b3f1c2d4e5a69788b3f1c2d4e5a69788",
  };
}

export function memorySubject(): Subject {
  const store = createMemorySessionStore();
  const map = new Map<string, string>();
  const json = JSON.stringify(dataOf(0));
  // As many as the store holds while it is measured, so that both miss the processor's caches alike.
  for (let index = 0; index < 1000; index++) map.set(`session:${index}`, JSON.stringify(dataOf(index)));
  let at = 0;
  return {
    name: "memory",
    manager: createSessionManager(store),
    store,
    bareRead: () => {
      at = (at + 1) % 1000;
      return JSON.parse(map.get(`session:${at}`) ?? json);
    },
    bareWrite: () => {
      at = (at + 1) % 1000;
      map.set(`session:${at}`, JSON.stringify(dataOf(at)));
    },
    close: async () => store.close(),
  };
}

/** Compared to Bun's own client, on a connection of its own. */
export function redisSubject(url: string): Subject {
  const client = createRedisClient({ url });
  const store: SessionStore = createRedisSessionStore({ client });
  const bare = new BunRedisClient(url, { enableAutoPipelining: false });
  const json = JSON.stringify(dataOf(0));
  return {
    name: "Redis",
    manager: createSessionManager(store),
    store,
    bareRead: async () => JSON.parse((await bare.get("bare")) ?? json),
    bareWrite: () => bare.set("bare", json),
    close: async () => {
      await store.close?.();
      await client.close();
      bare.close();
    },
  };
}
