import { expect, test } from "bun:test";
import type { SqlFacts } from "@ventostack/store-sql/inspect";
import { examineDatabase } from "./database.ts";

// What a database of these tests cannot be brought to say.

const sound: SqlFacts = {
  dialect: "postgres",
  product: "PostgreSQL 15.14",
  isReadOnly: false,
  schemaVersion: 2,
  knownSchemaVersion: 2,
  clockOffset: 0,
  roundTrip: 1,
  expired: 0,
  oldestExpired: 0,
};

function faultsOf(facts: Partial<SqlFacts>): string[] {
  const found = examineDatabase({ ...sound, ...facts });
  return found.filter(({ level }) => level !== "ok").map(({ check, level }) => `${check}: ${level}`);
}

test.each(["PostgreSQL 15.14", "PostgreSQL 12.0", "MariaDB 10.6.0", "MariaDB 11.4.2"])(
  "nothing is wrong with %s",
  (product) => {
    expect(faultsOf({ product })).toEqual([]);
  },
);

test.each(["PostgreSQL 11.22", "MariaDB 10.5.29"])("%s is too old", (product) => {
  expect(faultsOf({ product })).toEqual(["server-version: error"]);
});

test("that nobody has tried MySQL is worth a note", () => {
  expect(faultsOf({ dialect: "mysql", product: "MySQL 8.0.36" })).toEqual(["server-version: note"]);
});

test("rows that a sweep within the hour will find are no fault", () => {
  expect(faultsOf({ expired: 9000, oldestExpired: 3_600_000 })).toEqual([]);
  expect(faultsOf({ expired: 1, oldestExpired: 3_600_001 })).toEqual(["expired-rows: warning"]);
});
