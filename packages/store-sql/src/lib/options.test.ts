import { expect, test } from "bun:test";
import { createSqlSessionStore } from "../index.ts";

const url = "sqlite::memory:";

function thrownBy(options: object): unknown {
  try {
    createSqlSessionStore(options);
  } catch (error) {
    return error;
  }
  return undefined;
}

test.each([
  [{ url, timeout: 0 }, "The option timeout is 0"],
  [{ url, timeout: Number.NaN }, "The option timeout is NaN"],
  [{ url, timeout: 2 ** 31 }, "The option timeout is 2147483648"],
  [{ url, connections: 0 }, "The option connections is 0"],
  [{ url, connections: 1.5 }, "The option connections is 1.5"],
  [{ url, sweepInterval: -1 }, "The option sweepInterval is -1"],
  [{ url, sweepInterval: Number.POSITIVE_INFINITY }, "The option sweepInterval is Infinity"],
  [{ url, synchronous: "off" }, 'The option synchronous is "off"'],
  [{ url, clock: 5 }, "The option clock is 5"],
  [{ url, table: "a b" }, 'The option table is "a b"'],
  [{ url, table: "a.b" }, 'The option table is "a.b"'],
  [{ url, table: 5 }, "The option table is 5"],
  [{ url, tabel: "a" }, "There is no option tabel"],
  [{}, "One of the options url and sql"],
  [{ url, sql: () => {} }, "One of the options url and sql"],
  [{ sql: () => {} }, "The option sql is a function"],
  [{ sql: "postgres://localhost/db" }, 'The option sql is "postgres://localhost/db"'],
  [{ sql: new Bun.SQL(":memory:", { adapter: "sqlite" }) }, "a database in memory belongs to its connection"],
  [{ url: "postgres://localhost/db", clock: () => 5 }, "on a server its own clock decides"],
  [{ url: "postgres://ada:topsecret@/db" }, "The option url is not of the form"],
  [{ url: "redis://localhost" }, "The option url is not of the form"],
  [{ url: 5 }, "The option url is not of the form"],
] as const)("%p is refused", (options, message) => {
  const error = thrownBy(options);
  expect(error).toMatchObject({ name: "SessionError", code: "INVALID_OPTION" });
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain("topsecret");
});

test("a file that cannot be opened is named", () => {
  expect(String(thrownBy({ url: "sqlite:/no/such/folder/a.db" }))).toContain(
    "The SQLite file /no/such/folder/a.db cannot be opened",
  );
});
