import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { createSessionManager, type SessionEvent, type StoredSession } from "@ventostack/auth-core";
import { createTestClock } from "@ventostack/testing";
import { SQL } from "bun";
import { openSqliteDatabase } from "../databases.test-kit.ts";
import { createSqlSessionStore } from "../index.ts";

const database = openSqliteDatabase();
const file = database.url.replace("sqlite:", "");
afterAll(() => database.stop());

const session = (id: string, rest: Partial<StoredSession> = {}): StoredSession => ({
  ...{ id, data: {}, expiresAt: 9_000_000_000_000, createdAt: 1, revision: 1, version: 1 },
  ...rest,
});

describe("while another process writes", () => {
  /** What another process would hold. */
  function holdWriteLock(): { release(): void } {
    const other = new Database(file);
    other.run("BEGIN IMMEDIATE");
    return {
      release() {
        other.run("ROLLBACK");
        other.close();
      },
    };
  }

  test("reads answer at once, and writes wait without holding this process up", async () => {
    const store = await database.createStore();
    await store.insert(session("a"));
    const lock = holdWriteLock();
    const writing = Promise.resolve(store.insert(session("b")));
    // A timer, which a call that waits inside SQLite would not let come.
    await Bun.sleep(5);
    expect(store.load("a")).toMatchObject({ id: "a" });
    expect(store.load("b")).toBeNull();
    lock.release();
    expect(await writing).toBe(true);
    expect(store.load("b")).toMatchObject({ id: "b" });
  });

  test("a write is given up after the time limit, and is not done later", async () => {
    const store = await database.createStore({ timeout: 50 });
    const lock = holdWriteLock();
    const error = await Promise.resolve(store.insert(session("late"))).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "STORE_TIMEOUT" });
    lock.release();
    expect(await store.insert(session("next"))).toBe(true);
    expect(store.load("late")).toBeNull();
  });
});

test("writes of one turn are answered together, each with its own answer", async () => {
  const store = await database.createStore();
  const tooLong = "x".repeat(2000);
  const answers = await Promise.allSettled([
    store.insert(session("a")),
    store.insert(session("a")),
    store.insert(session(tooLong)),
    store.replace("a", session("a", { revision: 2 }), 1),
    store.replace("a", session("a", { revision: 3 }), 1),
    store.remove("a"),
    store.remove("a"),
  ]);
  expect(answers).toMatchObject([
    { value: true },
    { value: false },
    { reason: { code: "INVALID_DATA" } },
    { value: "replaced" },
    { value: "changed" },
    { value: { id: "a", revision: 2 } },
    { value: null },
  ]);
});

test("no write is answered before it is committed: what another connection sees by then is there (G4)", async () => {
  const table = database.newTable();
  const store = await database.createStore({ table });
  using other = new Database(file);
  const count = other.prepare(`SELECT COUNT(*) AS n FROM ${table}`);
  const seen: unknown[] = [];
  const write = async (id: string): Promise<void> => {
    await store.insert(session(id));
    seen.push(count.get());
  };
  await Promise.all([write("a"), write("b"), write("c")]);
  expect(seen).toEqual([{ n: 3 }, { n: 3 }, { n: 3 }]);
});

test("closing waits for the writes that were asked for, and later calls fail", async () => {
  const table = database.newTable();
  const store = await database.createStore({ table });
  const written = Promise.resolve(store.insert(session("a")));
  await store.close();
  expect(await written).toBe(true);
  await store.close();
  expect(await store.get("a").catch(String)).toContain("has been closed");
  const later = await database.createStore({ table });
  expect(later.load("a")).not.toBeNull();
});

test("a client of Bun.SQL for SQLite names the file", async () => {
  const table = database.newTable();
  const first = await database.createStore({ table });
  await first.insert(session("a"));
  const sql = new SQL(`sqlite://${file}`);
  const store = createSqlSessionStore({ sql, table, sweepInterval: 0 });
  expect(store.load("a")).not.toBeNull();
  await store.close();
  expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  await sql.close();
});

test("the clock decides what is live, and a sweep removes the rest and nothing else (G3, G8)", async () => {
  const clock = createTestClock();
  const table = database.newTable();
  const store = await database.createStore({ table, clock });
  const sessions = createSessionManager(store, { ttl: 100, clock });
  const made = await Promise.all(Array.from({ length: 1201 }, (_, n) => sessions.create({ n })));
  clock.advance(50_000);
  const young = await sessions.create({ userId: "u" });
  expect(await store.sweep()).toBe(0);
  clock.advance(49_999);
  const first = sessions.handleOf(made[0]?.id ?? "");
  expect(store.load(first)).toMatchObject({ id: first });
  clock.advance(1);
  expect(store.load(first)).toBeNull();
  expect(await store.sweep()).toBe(1201);
  expect(await sessions.get(young.id)).not.toBeNull();
  expect(await database.query(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: 1 }]);
});

test("a row that is none of ours is CORRUPT_RECORD, stays where it is, and can be ended (G6)", async () => {
  const table = database.newTable();
  const store = await database.createStore({ table });
  const sessions = createSessionManager(store);
  for (const [column, value] of [
    ["data", "'{'"],
    ["revision", "'many'"],
    ["notes", "'{'"],
    ["version", "1.5"],
  ]) {
    const { id } = await sessions.create({ userId: "u" });
    await database.query(`UPDATE ${table} SET ${column} = ${value} WHERE id = '${sessions.handleOf(id)}'`);
    expect(await sessions.get(id).catch((error: unknown) => error)).toMatchObject({ code: "CORRUPT_RECORD" });
    expect(await database.query(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: 1 }]);
    expect(await store.remove(sessions.handleOf(id))).toBeNull();
    expect(await database.query(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: 0 }]);
  }
});

test("a row that cannot be read hides none of the user's others, and keeps that user from no log-in", async () => {
  const table = database.newTable();
  const store = await database.createStore({ table });
  const told: unknown[] = [];
  const onEvent = ({ type, reason }: SessionEvent): void =>
    void (type === "store-failure" && told.push(reason));
  const sessions = createSessionManager(store, { maxPerUser: 2, onEvent });
  const [broken, other] = [await sessions.create({ userId: "u" }), await sessions.create({ userId: "u" })];
  await database.query(`UPDATE ${table} SET data = '{' WHERE id = '${sessions.handleOf(broken.id)}'`);
  expect((await sessions.listByUser("u")).map(({ handle }) => handle)).toEqual([sessions.handleOf(other.id)]);
  expect(told).toEqual(["CORRUPT_RECORD in listByUser"]);
  expect((await sessions.create({ userId: "u" })).data).toEqual({ userId: "u" });
  expect(await sessions.destroyByUser("u")).toBe(3);
});

test("what the system may lose with synchronous normal is the end: the file stays sound, and all of it is from one moment", async () => {
  const source = openSqliteDatabase();
  const store = await source.createStore({ table: "s", synchronous: "normal" });
  for (let n = 1; n <= 60; n++) await store.insert(session(`s${n}`, { data: { filling: "x".repeat(200) } }));
  const path = source.url.replace("sqlite:", "");
  const [main, wal] = await Promise.all([Bun.file(path).bytes(), Bun.file(`${path}-wal`).bytes()]);
  const target = openSqliteDatabase();
  const kept = new Set<number>();
  for (let cut = 0; cut <= 40; cut++) {
    const copy = `${target.url.replace("sqlite:", "")}${cut}`;
    await Bun.write(copy, main);
    // As much of it as had reached the disk.
    await Bun.write(`${copy}-wal`, wal.slice(0, Math.floor((wal.length * cut) / 40)));
    const reopened = new Database(copy);
    expect(reopened.query("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    const tables = reopened.query("SELECT 1 FROM sqlite_schema WHERE name = 's'").all();
    const rows =
      tables.length === 0 ? [] : (reopened.query("SELECT id FROM s ORDER BY seq").all() as { id: string }[]);
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: rows.length }, (_, n) => `s${n + 1}`));
    kept.add(rows.length);
    reopened.close();
  }
  expect(kept).toContain(0);
  expect(kept).toContain(60);
  expect(kept.size).toBeGreaterThan(10);
  await Promise.all([source.stop(), target.stop()]);
});
