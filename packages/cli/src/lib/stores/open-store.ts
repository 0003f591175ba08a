import { redisOptions } from "@ventostack/auth/redis-url";
import { createRedisInspector } from "@ventostack/store-redis/inspect";
import { createSqlInspector } from "@ventostack/store-sql/inspect";
import { UsageError } from "../usage-error.ts";
import type { InspectedStore } from "./inspected-store.ts";
import { createRedisInspectedStore } from "./redis.ts";
import { createSqlInspectedStore } from "./sql.ts";

export interface OpenStoreOptions {
  readonly url: string;
  /** Of a store on Redis: its own, before every key. */
  readonly keyPrefix: string | undefined;
  /** Of a store in SQL. */
  readonly table: string | undefined;
}

/** Milliseconds for one command: who looks after a server may well do so because it is slow. */
const COMMAND_TIMEOUT = 3000;
/** For one statement: it may have to count a whole table. */
const STATEMENT_TIMEOUT = 30_000;

/** Connects with the first call. Throws a `UsageError` for a URL that names no store which another process can see. */
export function openStore({ url, keyPrefix, table }: OpenStoreOptions): InspectedStore {
  if (url === "memory:" || /^sqlite:(\/\/)?:memory:$/.test(url)) {
    throw new UsageError(
      `The store ${url} is the memory of the program that made it, which no other program can see. ` +
        "Name a store that is shared, such as redis://localhost:6379 or sqlite:sessions.db.",
    );
  }
  if (/^(sqlite|postgres|postgresql|mysql|mariadb):/.test(url)) {
    if (keyPrefix !== undefined) {
      throw new UsageError("A store in SQL has no --key-prefix: it has a table, which --table names.");
    }
    const named = table === undefined ? {} : { table };
    return createSqlInspectedStore(createSqlInspector({ url, timeout: STATEMENT_TIMEOUT, ...named }));
  }
  const options = redisOptions(url);
  if (options !== undefined && table !== undefined) {
    throw new UsageError("A store on Redis has no --table: it has a prefix, which --key-prefix names.");
  }
  if (options === undefined) {
    // Only the scheme: what follows may hold a password.
    const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? "no scheme";
    throw new UsageError(
      `The store URL has ${scheme}, which this program cannot look into; it knows redis://, rediss://, redis+cluster://, redis+sentinel://, sqlite:, postgres:// and mysql://.`,
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
