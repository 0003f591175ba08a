import { afterAll } from "bun:test";
import { describeSessionStore } from "@ventostack/store-testkit";
import { SQL } from "bun";
import type { TestDatabase } from "../databases.test-kit.ts";
import { createSqlSessionStore, type SqlSessionStore } from "../index.ts";
import { withTurns } from "./stepped-client.test-kit.ts";
import { createTables } from "./tables.test-kit.ts";

/** Registers the cases for a database that is a server, and ends it with them. */
export function describeServer(database: TestDatabase): void {
  const sql = new SQL(database.url, { max: 40 });
  afterAll(async () => {
    await sql.close({ timeout: 0 });
    await database.stop();
  });
  const tables = createTables((table) => sql.unsafe(`DELETE FROM ${table}`));

  const open = (space: string, client: SQL): Promise<SqlSessionStore> =>
    tables.open(space, (table) =>
      createSqlSessionStore({ sql: client, table, sweepInterval: 0, timeout: 20_000 }),
    );

  describeSessionStore(
    database.name,
    ({ space, step }) =>
      open(
        space,
        withTurns(sql, (work) => step().then(work)),
      ),
    {
      connectAgain: ({ space }) => open(space, sql),
      async sizeOf(store, { space }) {
        await (store as SqlSessionStore).sweep();
        const [row] = await sql.unsafe(`SELECT COUNT(*) AS n FROM ${tables.nameOf(space)}`);
        return Number(row.n);
      },
    },
  );
}
