import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import { createRedisClient, createRedisSessionStore, type RedisClient } from "../index.ts";

/** What a process is told to do, and will be ended in the middle of. */
export interface Task {
  readonly url: string;
  readonly keyPrefix: string;
  readonly operation: string;
  /** A session of the user `from`. */
  readonly target: string;
}

/** Each of several commands. Gives the id that the caller learns of, where it learns of one. */
export const crashOperations: Readonly<
  Record<string, (sessions: SessionManager, target: string) => Promise<string | undefined>>
> = {
  create: async (sessions) => (await sessions.create({ userId: "from" })).id,
  regenerate: async (sessions, target) => (await sessions.regenerate(target))?.id,
  "regenerate with another user": async (sessions, target) =>
    (await sessions.regenerate(target, { userId: "to" }))?.id,
  destroy: async (sessions, target) => {
    await sessions.destroy(target);
    return undefined;
  },
  "update with another user": async (sessions, target) => {
    await sessions.update(target, { userId: "to" });
    return undefined;
  },
  destroyByUser: async (sessions) => {
    await sessions.destroyByUser("from");
    return undefined;
  },
  "touch beyond the life of the user's set": async (sessions, target) => {
    await sessions.touch(target);
    return undefined;
  },
};

export interface CrashService {
  readonly client: RedisClient;
  readonly sessions: SessionManager;
  /** What goes on in the background has ended. */
  settled(): Promise<void>;
}

/** Sessions live ten times as long as those that `target` was made with, so that a touch has to extend the set. */
export const LONG_TTL = 36_000;
export const SHORT_TTL = 3600;

export function createCrashService(
  { url, keyPrefix }: Pick<Task, "url" | "keyPrefix">,
  ttl: number,
): CrashService {
  const client = createRedisClient({ url, commandTimeout: 10_000 });
  const store = createRedisSessionStore({ client, keyPrefix });
  const sessions = createSessionManager(store, { ttl, storeTimeout: 20_000 });
  return {
    client,
    sessions,
    async settled() {
      await store.close?.();
      await client.close();
    },
  };
}
