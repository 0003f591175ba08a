import { SQL } from "bun";
import type { Engine } from "./engine.ts";
import type { ResolvedOptions } from "./options.ts";
import { createServerEngine } from "./server-engine.ts";
import { openSqlite } from "./sqlite-database.ts";
import { createSqliteEngine } from "./sqlite-engine.ts";

/** Seconds after which a connection that nobody uses is closed: before something on the way forgets it in silence. */
const IDLE = 60;

export function openEngine({ target, timeout, connections, synchronous, clock }: ResolvedOptions): Engine {
  if (target.dialect === "sqlite") {
    return createSqliteEngine(openSqlite(target.file, synchronous, clock), timeout);
  }
  if ("sql" in target) return createServerEngine(target.sql, timeout, false);
  const database = decodeURIComponent(new URL(target.url).pathname.slice(1));
  const sql = new SQL(target.url, {
    max: connections,
    idleTimeout: IDLE,
    connectionTimeout: Math.max(timeout / 1000, 0.001),
    // Otherwise a variable of the environment (PGDATABASE, MYSQL_DATABASE) would come before what the URL says.
    ...(database !== "" && { database }),
  });
  return createServerEngine(sql, timeout, true);
}
