import { expect, test } from "bun:test";
import { createCompiler } from "./statement.ts";

const TEMPLATE = "SELECT $2 FROM {table} WHERE a = $4 AND b = $2 AND c > {now}";
const VALUES = ["one", "two", "three", "four"];
const now = (): number => 1234.5;

test("SQLite's placeholders are numbered, and the time is one of the values", () => {
  const { text, bind } = createCompiler("sqlite", "s")(TEMPLATE);
  expect(text).toBe('SELECT ?1 FROM "s" WHERE a = ?2 AND b = ?1 AND c > ?3');
  expect(bind(VALUES, now)).toEqual(["two", "four", 1234]);
});

test("PostgreSQL's are numbered without gaps, which it could not give a type, and the time is its own", () => {
  const { text, bind } = createCompiler("postgres", "app.s")(TEMPLATE);
  expect(text).toStartWith('SELECT $1 FROM "app"."s" WHERE a = $2 AND b = $1 AND c > CAST(floor(extract(');
  expect(bind(VALUES, now)).toEqual(["two", "four"]);
});

test("MySQL's have no numbers: a value that occurs twice is sent twice", () => {
  const { text, bind } = createCompiler("mysql", "s")(TEMPLATE);
  expect(text).toStartWith("SELECT ? FROM `s` WHERE a = ? AND b = ? AND c > (UNIX_TIMESTAMP()");
  expect(bind(VALUES, now)).toEqual(["two", "four", "two"]);
});

test.each([
  ["SELECT 1", true],
  ["DELETE FROM {table} RETURNING id", true],
  ["DELETE FROM {table}", false],
  ["INSERT INTO {table} SELECT 1", false],
])("%p gives rows: %p", (template, givesRows) => {
  expect(createCompiler("sqlite", "s")(template).givesRows).toBe(givesRows);
});
