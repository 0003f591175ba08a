import { afterAll } from "bun:test";
import { describeSessionStore } from "@ventostack/store-testkit";
import { SQL } from "bun";
import { startPostgresDatabase } from "../databases.test-kit.ts";
import { createSqlSessionStore, type SqlSessionStore } from "../index.ts";
import { withStep } from "./stepped-client.test-kit.ts";

const database = await startPostgresDatabase();
const sql = new SQL(database.url, { max: 40 });
afterAll(async () => {
  await sql.close({ timeout: 0 });
  await database.stop();
});

const createStore = (table: string, client: SQL): SqlSessionStore =>
  createSqlSessionStore({ sql: client, table, sweepInterval: 0, timeout: 20_000 });

describeSessionStore(
  "PostgreSQL",
  async ({ space, step }) => {
    await createStore(space, sql).migrate();
    return createStore(space, withStep(sql, step));
  },
  {
    connectAgain: ({ space }) => createStore(space, sql),
    async sizeOf(store, { space }) {
      await (store as SqlSessionStore).sweep();
      const [row] = await sql.unsafe(`SELECT COUNT(*) AS n FROM ${space}`);
      return Number(row.n);
    },
  },
);
