import { afterAll, describe, expect, test } from "bun:test";
import { createSessionManager } from "@ventostack/auth-core";
import { startDatabases, type TestDatabase } from "../databases.test-kit.ts";
import { createSqlSessionStore, type SqlSessionStore, sqlFor } from "../index.ts";
import { FIRST_VERSION, FIRST_VERSION_ROW } from "./first-version.test-kit.ts";

const databases = await startDatabases();
afterAll(() => Promise.all(databases.map((database) => database.stop())));

describe.each(databases)("the table on $name", (database: TestDatabase) => {
  const { dialect, url } = database;

  /** Stores of their own, as of several instances, on a table that nobody has made. */
  function instances(table: string, count: number): SqlSessionStore[] {
    return Array.from({ length: count }, () =>
      createSqlSessionStore({ url, table, connections: 2, sweepInterval: 0 }),
    );
  }

  const versionsOf = async (table: string): Promise<number[]> =>
    (await database.query(`SELECT version FROM ${table}_schema ORDER BY version`)).map(({ version }) =>
      Number(version),
    );

  test("of the first version is upgraded with its live sessions kept", async () => {
    const table = database.newTable();
    for (const statement of FIRST_VERSION[dialect]) await database.query(statement.replaceAll("THIS", table));
    const [id, other] = ["A".repeat(43), "B".repeat(43)];
    const sessions = createSessionManager(await database.createStore());
    for (const each of [id, other]) {
      await database.query(FIRST_VERSION_ROW.replace("THIS", table).replace("ID", sessions.handleOf(each)));
    }
    expect(await versionsOf(table)).toEqual([1]);

    const store = await database.createStore({ table });
    expect(await versionsOf(table)).toEqual([1, 2]);
    const upgraded = createSessionManager(store);
    expect(await upgraded.get(id)).toEqual({
      id,
      data: { userId: "u1", theme: "dark" },
      createdAt: 1_700_000_000_000,
      authenticatedAt: 1_700_000_000_000,
      expiresAt: 9_000_000_000_000,
      absoluteExpiresAt: 9_000_000_000_001,
    });
    await upgraded.update(id, { theme: "light" });
    const found = await store.load(upgraded.handleOf(id));
    if (found === null) throw new Error("The session is gone.");
    expect(found).toMatchObject({ revision: 42, data: { userId: "u1", theme: "light" } });
    // What the first version had no room for.
    const notes = { device: { label: "laptop" } };
    expect(await store.replace(found.id, { ...found, revision: 43, notes }, 42)).toBe("replaced");
    expect((await store.listByUser("u1")).map((session) => session.notes)).toEqual([notes, undefined]);
    expect(await upgraded.destroyByUser("u1")).toBe(2);
  });

  test("is made by one of ten callers at once, and left alone from then on", async () => {
    const table = database.newTable();
    const stores = instances(table, 10);
    await Promise.all(stores.map((store) => store.migrate()));
    expect(await versionsOf(table)).toEqual([1, 2]);
    await stores[0]?.set({ id: "kept", data: { a: 1 }, expiresAt: 9_000_000_000_000 });
    await Promise.all(stores.map((store) => store.migrate()));
    for (const store of stores) expect((await store.get("kept"))?.data).toEqual({ a: 1 });
    await Promise.all(stores.map((store) => store.close()));
  });

  test("is the same where somebody runs what sqlFor prints", async () => {
    const [byHand, byStore] = [database.newTable(), database.newTable()];
    for (const statement of sqlFor(dialect, byHand).split(";\n").filter(Boolean))
      await database.query(statement);
    const [store] = instances(byHand, 1);
    await store?.migrate();
    expect(await versionsOf(byHand)).toEqual([1, 2]);
    await database.createStore({ table: byStore });
    expect(await describeTable(byHand)).toEqual(await describeTable(byStore));
    await store?.set({ id: "kept", data: {}, expiresAt: 9_000_000_000_000 });
    expect(await store?.get("kept")).not.toBeNull();
    await store?.close();
  });

  test("of a later release is refused, and left as it is", async () => {
    const table = database.newTable();
    await database.createStore({ table });
    await database.query(`INSERT INTO ${table}_schema (version) VALUES (3)`);
    const [store] = instances(table, 1);
    const refused = store?.migrate().catch((error: Error) => error.message);
    expect(await refused).toContain("has version 3 of the schema, and this release knows up to 2");
    expect(await versionsOf(table)).toEqual([1, 2, 3]);
    await store?.close();
  });

  test("of which a migration died half-way is completed by the next one", async () => {
    const table = database.newTable();
    // All but the entry that says so: what a server that knows no transactions for this may be left with.
    const statements = sqlFor(dialect, table).split(";\n").filter(Boolean);
    const done = dialect === "mysql" ? statements.slice(0, -1) : FIRST_VERSION[dialect].slice(0, -1);
    for (const statement of done) await database.query(statement.replaceAll("THIS", table));
    const store = await database.createStore({ table });
    expect(await versionsOf(table)).toEqual([1, 2]);
    await store.set({ id: "kept", data: {}, expiresAt: 9_000_000_000_000 });
  });

  /** Columns and indexes, without the table's name. */
  async function describeTable(table: string): Promise<string> {
    const question = {
      sqlite: `SELECT sql FROM sqlite_schema WHERE tbl_name = '${table}' ORDER BY name`,
      postgres:
        `SELECT column_name, data_type, is_nullable, ordinal_position FROM information_schema.columns WHERE table_name = '${table}' ` +
        `UNION ALL SELECT indexdef, '', '', 0 FROM pg_indexes WHERE tablename = '${table}' ORDER BY 4, 1`,
      mysql: `SHOW CREATE TABLE ${table}`,
    }[dialect];
    return JSON.stringify(await database.query(question)).replaceAll(table, "THIS");
  }
});

test("sqlFor gives the statements from a version on, with the name in quotes", () => {
  expect(sqlFor("sqlite", "app", 1)).toBe(
    'ALTER TABLE "app" ADD COLUMN notes TEXT;\nINSERT INTO "app_schema" (version) VALUES (2);\n',
  );
  expect(sqlFor("mysql", "app.user", 1)).toStartWith("ALTER TABLE `app`.`user` ADD");
  expect(sqlFor("postgres", "app.user")).toContain(
    'CREATE INDEX IF NOT EXISTS "user_expiry" ON "app"."user" ',
  );
  expect(sqlFor("postgres", "app", 2)).toBe("");
});

test.each([
  ["oracle", "t", 0, "dialect"],
  ["sqlite", "a.b", 0, "table"],
  ["postgres", 'a"; DROP TABLE b', 0, "table"],
  ["mysql", "", 0, "table"],
  ["mysql", "a".repeat(49), 0, "table"],
  ["postgres", "a.b.c", 0, "table"],
  ["postgres", "1a", 0, "table"],
  ["sqlite", "a", 3, "from"],
  ["sqlite", "a", -1, "from"],
] as const)("sqlFor(%p, %p, %p) is refused for its %s", (dialect, table, from, option) => {
  let error: unknown;
  try {
    sqlFor(dialect as "sqlite", table, from);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: "INVALID_OPTION" });
  expect(String(error)).toContain(`The option ${option} is`);
});
