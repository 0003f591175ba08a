import { redisOptions } from "@ventostack/auth/redis-url";
import { createRedisInspector } from "@ventostack/store-redis/inspect";
import { UsageError } from "../usage-error.ts";
import type { InspectedStore } from "./inspected-store.ts";
import { createRedisInspectedStore } from "./redis.ts";

export interface OpenStoreOptions {
  readonly url: string;
  /** The store's own, before every key. */
  readonly keyPrefix: string | undefined;
}

/** Milliseconds for one command: who looks after a server may well do so because it is slow. */
const COMMAND_TIMEOUT = 3000;

/** Connects with the first call. Throws a `UsageError` for a URL that names no store which another process can see. */
export function openStore({ url, keyPrefix }: OpenStoreOptions): InspectedStore {
  if (url === "memory:") {
    throw new UsageError(
      "The store memory: is the memory of the program that made it, which no other program can see. " +
        "Name a store that is shared, such as redis://localhost:6379.",
    );
  }
  const options = redisOptions(url);
  if (options === undefined) {
    // Only the scheme: what follows may hold a password.
    const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? "no scheme";
    throw new UsageError(
      `The store URL has ${scheme}, which this program cannot look into; it knows redis://, rediss://, redis+cluster:// and redis+sentinel://.`,
    );
  }
  return createRedisInspectedStore(
    createRedisInspector({
      ...options,
      commandTimeout: COMMAND_TIMEOUT,
      ...(keyPrefix !== undefined && { keyPrefix }),
    }),
  );
}
