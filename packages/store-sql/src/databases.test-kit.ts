import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SqlServer, startMariadb, startPostgres } from "@ventostack/testing/sql";
import { SQL } from "bun";
import {
  createSqlSessionStore,
  type SqlDialect,
  type SqlSessionStore,
  type SqlSessionStoreOptions,
} from "./index.ts";

/** One database, as a test uses it. */
export interface TestDatabase {
  readonly name: string;
  readonly dialect: SqlDialect;
  readonly url: string;
  /** Where it is a server. */
  readonly server: SqlServer | undefined;
  /** A name that no other test has. */
  newTable(): string;
  /** A store with a table, its own where none is named. */
  createStore(options?: Partial<SqlSessionStoreOptions>): Promise<SqlSessionStore>;
  /** On a connection that no store has. */
  query(text: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

let tables = 0;

export function openSqliteDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), "ventostack-sqlite-"));
  const url = `sqlite:${join(folder, "sessions.db")}`;
  return testDatabase("SQLite", "sqlite", url, undefined, async () => {
    rmSync(folder, { recursive: true, force: true });
  });
}

export async function startPostgresDatabase(): Promise<TestDatabase> {
  const server = await startPostgres();
  return testDatabase("PostgreSQL", "postgres", server.url, server, server.stop);
}

export async function startMariadbDatabase(): Promise<TestDatabase> {
  const server = await startMariadb();
  await server.query("CREATE DATABASE sessions");
  const url = server.url.replace(/mysql$/, "sessions");
  return testDatabase("MariaDB", "mysql", url, server, server.stop);
}

/** SQLite, PostgreSQL and MariaDB. */
export const startDatabases = (): Promise<TestDatabase[]> =>
  Promise.all([openSqliteDatabase(), startPostgresDatabase(), startMariadbDatabase()]);

function testDatabase(
  name: string,
  dialect: SqlDialect,
  url: string,
  server: SqlServer | undefined,
  stopServer: () => Promise<void>,
): TestDatabase {
  const stores = new Set<SqlSessionStore>();
  const client = new SQL(dialect === "sqlite" ? url.replace("sqlite:", "sqlite://") : url, { max: 4 });
  const newTable = (): string => `t${++tables}`;
  return {
    name,
    dialect,
    url,
    server,
    newTable,
    async createStore(options = {}) {
      const place = dialect === "sqlite" || options.url !== undefined ? { url } : { sql: client };
      const store = createSqlSessionStore({ ...place, table: newTable(), sweepInterval: 0, ...options });
      stores.add(store);
      await store.migrate();
      return store;
    },
    query: async (text) => [...(await client.unsafe(text))],
    async stop() {
      await Promise.all(Array.from(stores, (store) => store.close()));
      await client.close({ timeout: 0 });
      await stopServer();
    },
  };
}
