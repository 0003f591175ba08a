import { Database } from "bun:sqlite";
import { afterAll, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSessionManager, createSqlSessionStore, type SessionManager, sqlFor } from "@ventostack/auth";
import { startPostgres } from "@ventostack/testing/sql";
import { SQL } from "bun";
import { diagnose, run } from "./command-line.test-kit.ts";

const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), "ventostack-cli-"));
const file = join(folder, "sessions.db");
const postgres = await startPostgres();
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const databases = [
  { name: "SQLite", dialect: "sqlite", url: `sqlite:${file}`, client: () => new SQL(`sqlite://${file}`) },
  { name: "PostgreSQL", dialect: "postgres", url: postgres.url, client: () => new SQL(postgres.url) },
] as const;

describe.each(databases)("on $name", ({ url, dialect, client }) => {
  const store = createSqlSessionStore({ url, sweepInterval: 0 });
  const sql = client();
  const sessions: SessionManager = createSessionManager(store, { ttl: 7200 });
  const ids: string[] = [];
  const handle = (index: number): string => sessions.handleOf(ids[index] ?? "");
  afterAll(async () => {
    await store.close();
    await sql.close();
  });

  beforeEach(async () => {
    await sql.unsafe("DROP TABLE IF EXISTS ventostack_sessions");
    await sql.unsafe("DROP TABLE IF EXISTS ventostack_sessions_schema");
    await store.migrate();
    ids.length = 0;
    for (const data of [{ userId: "ada" }, { userId: "ada" }, { userId: "bob" }, {}]) {
      ids.push((await sessions.create(data)).id);
    }
  });

  /** Whatever is asked for: no id. */
  async function json(...args: readonly string[]): Promise<unknown> {
    const { out, error } = await run([...args, "--json"], { store: url });
    for (const id of ids) expect(out + error).not.toContain(id);
    expect(error).toBe("");
    return JSON.parse(out);
  }

  const age = (index: number, milliseconds: number): Promise<unknown> =>
    sql.unsafe(
      `UPDATE ventostack_sessions SET expires_at = ${Date.now() - milliseconds} WHERE id = '${handle(index)}'`,
    );

  const breakRow = (change: string): Promise<unknown> =>
    sql.unsafe(`UPDATE ventostack_sessions SET ${change} WHERE id = '${handle(0)}'`);

  test("stats counts live sessions, users, and what cannot be read", async () => {
    await breakRow("data = '{'");
    await age(2, HOUR);
    expect(await json("stats")).toMatchObject({
      ...{ sessions: 2, anonymous: 1, unreadable: 1, users: 1 },
      ends: { hour: 0, day: 2, week: 0, later: 0 },
    });
  });

  test("stats counts all of many, each once", async () => {
    await Promise.all(Array.from({ length: 1200 }, (_, n) => sessions.create({ userId: `u${n}` })));
    expect(await json("stats")).toMatchObject({ sessions: 1204, users: 1202, unreadable: 0 });
  });

  test("list shows a user's sessions, and revoke ends them", async () => {
    const listed = (await json("list", "--user", "ada")) as { handle: string }[];
    expect(listed.map((session) => session.handle).sort()).toEqual([handle(0), handle(1)].sort());
    expect(await json("revoke", "--handle", handle(0), "--user", "bob")).toEqual({ ended: 0 });
    expect(await json("revoke", "--handle", handle(0))).toEqual({ ended: 1 });
    expect(await json("revoke", "--user", "ada")).toEqual({ ended: 1 });
    const left = await Promise.all(ids.map(async (id) => (await sessions.get(id)) !== null));
    expect(left).toEqual([false, false, true, true]);
  });

  test("prune removes what is over, and nothing else", async () => {
    await age(2, 1);
    expect(await json("prune")).toEqual({ removed: 1 });
    expect((await run(["prune"], { store: url })).out).toBe("Removed 0 rows of sessions that are over.\n");
    expect(await json("stats")).toMatchObject({ sessions: 3 });
  });

  test("doctor finds nothing wrong with a sound store, and leaves no trace of its trial", async () => {
    await age(2, 1000);
    expect(await diagnose(url)).toEqual({ exitCode: 0, found: {} });
    expect(
      [...(await sql.unsafe("SELECT COUNT(*) AS n FROM ventostack_sessions"))].map(({ n }) => Number(n)),
    ).toEqual([4]);
  });

  test.each([
    ["that are no JSON", "data = '{'"],
    ["of a later release", "version = 2"],
  ])("doctor finds rows %s", async (_, change) => {
    await breakRow(change);
    const { exitCode, found } = await diagnose(url);
    expect(found["unreadable-records"]?.message).toStartWith(`1 record (${handle(0).slice(0, 8)}…)`);
    expect(exitCode).toBe(1);
  });

  test("doctor finds that nobody sweeps", async () => {
    await age(2, 2 * HOUR);
    const { exitCode, found } = await diagnose(url);
    expect(Object.keys(found)).toEqual(["expired-rows"]);
    expect(found["expired-rows"]).toMatchObject({ level: "warning" });
    expect(exitCode).toBe(0);
  });

  test("doctor finds a table that is missing", async () => {
    const { exitCode, found } = await diagnose(url, "--table", "elsewhere");
    expect(found.schema).toMatchObject({ level: "error", message: "There is no such table." });
    expect(found["round-trip"]?.level).toBe("error");
    expect(exitCode).toBe(1);
  });

  test("doctor finds a table of an earlier and of a later release", async () => {
    const first = sqlFor(dialect, "older").split(";\n").slice(0, -3);
    for (const statement of first) await sql.unsafe(statement);
    try {
      expect((await diagnose(url, "--table", "older", "--read-only")).found.schema?.message).toContain(
        "has version 1 of the schema, and this release makes 2: it lacks columns",
      );
    } finally {
      await sql.unsafe("DROP TABLE older");
      await sql.unsafe("DROP TABLE older_schema");
    }
    await sql.unsafe("INSERT INTO ventostack_sessions_schema (version) VALUES (3)");
    const { found } = await diagnose(url, "--read-only");
    expect(found.schema).toMatchObject({
      level: "error",
      message: expect.stringContaining("a later one has been"),
    });
  });
});

describe("doctor finds of SQLite", () => {
  const own = join(folder, "own.db");
  beforeEach(async () => {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(own + suffix, { force: true });
    const store = createSqlSessionStore({ url: `sqlite:${own}` });
    await store.migrate();
    await store.close();
  });

  test("that WAL is off", async () => {
    using database = new Database(own);
    database.run("PRAGMA journal_mode = DELETE");
    database.close();
    const { found } = await diagnose(`sqlite:${own}`);
    expect(Object.keys(found)).toEqual(["journal-mode"]);
    expect(found["journal-mode"]?.level).toBe("warning");
  });

  test("that others may read the file", async () => {
    chmodSync(own, 0o644);
    const { found } = await diagnose(`sqlite:${own}`);
    expect(found["file-rights"]).toMatchObject({
      level: "warning",
      message: expect.stringContaining("(644)"),
    });
  });

  test("that there is no file, and makes none", async () => {
    const { exitCode, found } = await diagnose(`sqlite:${own}.not`);
    expect(found.reachable?.message).toContain("There is no file");
    expect(exitCode).toBe(1);
    expect(existsSync(`${own}.not`)).toBe(false);
    expect(await run(["stats"], { store: `sqlite:${own}.not` })).toMatchObject({ exitCode: 3, out: "" });
  });
});

describe("doctor finds of a server", () => {
  test.each([
    [30_000, "warning"],
    [-120_000, "error"],
  ] as const)("a clock that differs by %i ms", async (offset, level) => {
    const now = Date.now;
    const clock = spyOn(Date, "now").mockImplementation(() => now() - offset);
    try {
      const { found } = await diagnose(postgres.url, "--read-only");
      expect(found.clock?.level).toBe(level);
      expect(found.clock?.message).toContain(offset > 0 ? "ahead of" : "behind");
    } finally {
      clock.mockRestore();
    }
  });

  test("that it takes no writes", async () => {
    await postgres.query("CREATE ROLE reader LOGIN SUPERUSER");
    await postgres.query("ALTER ROLE reader SET default_transaction_read_only = on");
    const { found } = await diagnose(postgres.url.replace("postgres@", "reader@"));
    expect(found["server-role"]?.level).toBe("error");
    expect(found["round-trip"]?.level).toBe("error");
  });

  test("that it is not there, without its password", async () => {
    const { exitCode, found } = await diagnose("postgres://ada:hunter2@127.0.0.1:1/db");
    expect(found.reachable?.level).toBe("error");
    expect(JSON.stringify(found)).not.toContain("hunter2");
    expect(exitCode).toBe(1);
  });
});
