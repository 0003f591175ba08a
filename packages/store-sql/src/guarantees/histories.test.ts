import { afterAll, describe, test } from "bun:test";
import { createSessionManager } from "@ventostack/auth-core";
import { createTestClock } from "@ventostack/testing";
import {
  checkPrograms,
  type ManagerOptions,
  type StoreUnderTest,
  stepping,
  type TakeTurn,
} from "@ventostack/testing/histories";
import { SQL } from "bun";
import { withTurns } from "../conformance/stepped-client.test-kit.ts";
import { openSqliteDatabase, startPostgresDatabase } from "../databases.test-kit.ts";
import { createSqlSessionStore } from "../index.ts";

const sqlite = openSqliteDatabase();
const postgres = await startPostgresDatabase();
const pool = new SQL(postgres.url, { max: 20 });
afterAll(async () => {
  await pool.close({ timeout: 0 });
  await Promise.all([sqlite.stop(), postgres.stop()]);
});

const TABLE = "histories";
const clock = createTestClock();
const CLIENTS = 3;
const files = await Promise.all(
  Array.from({ length: CLIENTS }, () =>
    sqlite.createStore({ table: TABLE, clock, synchronous: "normal", timeout: 20_000 }),
  ),
);
await postgres.createStore({ table: TABLE });

/** By their names, as the script of a history that failed names them. */
const stores = {
  // A call is one transaction, which nobody comes in between.
  SQLite: {
    name: "SQLite",
    async open() {
      await sqlite.query(`DELETE FROM ${TABLE}`);
      let opened = 0;
      return {
        clock,
        advance: clock.advance,
        manager(options: ManagerOptions, takeTurn: TakeTurn) {
          const store = files[opened++ % CLIENTS];
          if (store === undefined) throw new Error("There are three.");
          return createSessionManager(stepping(store, takeTurn), { ...options, clock });
        },
      };
    },
  },
  // Each statement is a step. MariaDB's transactions hold locks from one to the next, for which the others' would wait.
  PostgreSQL: {
    name: "PostgreSQL",
    async open() {
      await postgres.query(`DELETE FROM ${TABLE}`);
      return {
        clock: Date.now,
        manager: (options: ManagerOptions, takeTurn: TakeTurn) =>
          createSessionManager(
            createSqlSessionStore({
              sql: withTurns(pool, takeTurn),
              table: TABLE,
              sweepInterval: 0,
              timeout: 20_000,
            }),
            options,
          ),
      };
    },
  },
} satisfies Record<string, StoreUnderTest>;

describe("whatever several clients do at once, some order of their calls explains all answers (G1, G2, G3, G5)", () => {
  test("SQLite, a connection and a manager for each client", async () => {
    await checkPrograms(stores.SQLite, { byUser: true, runs: 150 });
  });

  test("PostgreSQL, a store and a manager for each client", async () => {
    await checkPrograms(stores.PostgreSQL, { byUser: true, runs: 60 });
  });
});
