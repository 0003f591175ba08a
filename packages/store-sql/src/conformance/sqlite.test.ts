import { afterAll } from "bun:test";
import { type CreateStore, describeSessionStore } from "@ventostack/store-testkit";
import { openSqliteDatabase } from "../databases.test-kit.ts";
import { createSqlSessionStore, type SqlSessionStore } from "../index.ts";

const database = openSqliteDatabase();
afterAll(() => database.stop());

const createStore: CreateStore = async ({ space, clock }) => {
  const store = createSqlSessionStore({
    url: database.url,
    table: space,
    clock,
    sweepInterval: 0,
    synchronous: "normal",
    timeout: 20_000,
  });
  await store.migrate();
  return store;
};

describeSessionStore("SQLite", createStore, {
  time: "given",
  connectAgain: createStore,
  async sizeOf(store, { space }) {
    await (store as SqlSessionStore).sweep();
    return Number((await database.query(`SELECT COUNT(*) AS n FROM ${space}`))[0]?.n);
  },
});
