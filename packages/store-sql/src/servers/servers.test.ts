import { afterAll, describe, expect, test } from "bun:test";
import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import { until } from "@ventostack/testing/redis";
import type { SqlServer } from "@ventostack/testing/sql";
import { SQL } from "bun";
import { startMariadbDatabase, startPostgresDatabase, type TestDatabase } from "../databases.test-kit.ts";
import { createSqlSessionStore, type SqlSessionStore } from "../index.ts";
import { createSqlInspector } from "../inspect.ts";

const databases = await Promise.all([startPostgresDatabase(), startMariadbDatabase()]);
const opened: SqlSessionStore[] = [];
afterAll(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await Promise.all(databases.map((database) => database.stop()));
});

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no failure",
    (error: unknown) => error,
  );

describe.each(databases)("$name", (database: TestDatabase) => {
  const server = database.server as SqlServer;

  /** A manager that waits for as long as it takes. */
  async function setUp(): Promise<{ sessions: SessionManager; table: string }> {
    const table = database.newTable();
    const store = await database.createStore({ table, timeout: 20_000 });
    return { sessions: createSessionManager(store, { storeTimeout: 20_000 }), table };
  }

  /** One that does not, on connections of its own, which are there already. */
  async function setUpHasty(table: string, connections: number): Promise<SessionManager> {
    const hasty = createSqlSessionStore({
      url: database.url,
      table,
      timeout: 300,
      connections,
      sweepInterval: 0,
    });
    opened.push(hasty);
    const sessions = createSessionManager(hasty, { storeTimeout: 20_000 });
    const id = "A".repeat(43);
    const answers = (): Promise<unknown> =>
      Promise.all(Array.from({ length: connections * 2 }, () => sessions.get(id)));
    await until(() => answers().then(() => true), 20_000);
    return sessions;
  }

  test("killed and restarted: calls fail at once, and go on with the sessions that were acknowledged (G6)", async () => {
    const table = database.newTable();
    const store = await database.createStore({ url: database.url, table, timeout: 20_000, connections: 5 });
    const sessions = createSessionManager(store, { storeTimeout: 20_000 });
    const kept = await Promise.all(Array.from({ length: 30 }, (_, n) => sessions.create({ n, userId: "u" })));
    const [first, ended] = kept.map(({ id }) => id);
    await sessions.destroy(ended ?? "");
    await server.kill();
    const away = await Promise.all([
      ...Array.from({ length: 20 }, () => failure(sessions.get(first ?? ""))),
      failure(sessions.create()),
      failure(sessions.destroyByUser("u")),
    ]);
    for (const error of away)
      expect(error).toMatchObject({ name: "SessionError", code: "STORE_UNAVAILABLE" });
    await server.start();
    await until(() => sessions.get(first ?? ""), 20_000);
    const found = await Promise.all(kept.map(({ id }) => sessions.get(id)));
    expect(found.filter((session) => session !== null).length).toBe(29);
    expect(await sessions.destroyByUser("u")).toBe(29);
  });

  test("frozen: calls fail within the time limit, and work again afterwards (G6)", async () => {
    const { sessions: patient, table } = await setUp();
    const { id } = await patient.create({ n: 1 });
    const sessions = await setUpHasty(table, 3);
    await server.freeze();
    try {
      // As many as there are connections, and then more, for whom no new connection is to be had either.
      for (const calls of [3, 6]) {
        const errors = await Promise.all(Array.from({ length: calls }, () => failure(sessions.touch(id))));
        const code = calls === 3 ? "STORE_TIMEOUT" : expect.stringMatching(/^STORE_(TIMEOUT|UNAVAILABLE)$/);
        for (const error of errors) expect(error).toMatchObject({ name: "SessionError", code });
      }
    } finally {
      server.thaw();
    }
    const sixAtOnce = (): Promise<unknown[]> =>
      Promise.all(Array.from({ length: 6 }, () => sessions.get(id)));
    expect(await until(sixAtOnce, 20_000)).not.toContain(null);
  });

  test("a connection whose call was given up is given up with it, and another one takes its place", async () => {
    const { sessions: patient, table } = await setUp();
    const [held, free] = await Promise.all([patient.create({ n: 1 }), patient.create({ n: 2 })]);
    const sessions = await setUpHasty(table, 1);
    await server.sql.begin(async (sql) => {
      const where = tableIn(database, table);
      await sql.unsafe(`SELECT id FROM ${where} WHERE id = '${sessions.handleOf(held.id)}' FOR UPDATE`);
      // The only connection waits for a lock that nobody gives up.
      const waits = failure(sessions.touch(held.id));
      expect(await waits).toMatchObject({ code: "STORE_TIMEOUT" });
      const found = await until(() => sessions.get(free.id), 20_000);
      expect(found.data).toEqual({ n: 2 });
    });
    await until(() => sessions.get(held.id), 20_000);
  });

  test("the limit of connections reached: calls fail, and work once there is room; a user without rights to change the table will do", async () => {
    const { table } = await setUp();
    const account = `limited_${table}`;
    const where = tableIn(database, table);
    const book = tableIn(database, `${table}_schema`);
    if (database.dialect === "postgres") {
      await server.query(`CREATE ROLE ${account} LOGIN CONNECTION LIMIT 1`);
      await server.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${where} TO ${account}`);
      await server.query(`GRANT SELECT ON ${book} TO ${account}`);
      await server.query(`GRANT USAGE ON SEQUENCE ${table}_seq_seq TO ${account}`);
    } else {
      await server.query(`CREATE USER ${account}@'%' WITH MAX_USER_CONNECTIONS 1`);
      await server.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${where} TO ${account}@'%'`);
      await server.query(`GRANT SELECT ON ${book} TO ${account}@'%'`);
    }
    const url = database.url.replace(/\/\/\w+@/, `//${account}@`);
    const other = new SQL(url, { max: 1 });
    await other.unsafe("SELECT 1");
    const store = createSqlSessionStore({ url, table, sweepInterval: 0 });
    const sessions = createSessionManager(store);
    expect(await failure(sessions.create())).toMatchObject({ code: "STORE_UNAVAILABLE" });
    await other.close();
    await until(() => store.migrate().then(() => true), 20_000);
    const { id } = await sessions.create({ n: 1, userId: "u" });
    const moved = await sessions.regenerate(id, { userId: "v" });
    expect((await sessions.get(moved?.id ?? ""))?.data).toEqual({ n: 1, userId: "v" });
    expect(await sessions.destroyByUser("v")).toBe(1);
    await store.close();
  });

  test("instances that sweep at the same time pass over each other's rows, and wait for nobody", async () => {
    const { sessions, table } = await setUp();
    const where = tableIn(database, table);
    const made = await Promise.all(Array.from({ length: 40 }, (_, n) => sessions.create({ n })));
    const live = await sessions.create();
    const expired = made.map(({ id }) => `'${sessions.handleOf(id)}'`);
    await server.query(`UPDATE ${where} SET expires_at = 1 WHERE id IN (${expired})`);
    const store = createSqlSessionStore({ url: database.url, table, sweepInterval: 0 });
    await server.sql.begin(async (sql) => {
      await sql.unsafe(`SELECT id FROM ${where} WHERE id IN (${expired.slice(0, 15)}) FOR UPDATE`);
      expect(await store.sweep()).toBe(25);
    });
    const [one, other] = await Promise.all([store.sweep(), store.sweep()]);
    expect([one, other]).toEqual([15, 15]);
    expect(await sessions.get(live.id)).not.toBeNull();
    await store.close();
  });

  test("the server's clock decides: how long a touch extends, and that a session would be dead when it is made (G3)", async () => {
    const store = await database.createStore();
    const HOUR = 3_600_000;
    const ahead = createSessionManager(store, { ttl: 7200, clock: () => Date.now() + HOUR });
    const behind = createSessionManager(store, { ttl: 1800, clock: () => Date.now() - HOUR });
    const { id, expiresAt } = await ahead.create();
    await behind.touch(id);
    expect((await store.load(ahead.handleOf(id)))?.expiresAt).toBe(expiresAt);
    const before = Date.now();
    const refreshed = await ahead.merge(id, {}).then(() => store.refresh(ahead.handleOf(id), 4 * 3600));
    expect(refreshed?.session.expiresAt).toBeGreaterThanOrEqual(before + 4 * HOUR - 1000);
    expect(refreshed?.session.expiresAt).toBeLessThanOrEqual(Date.now() + 4 * HOUR + 1000);
    const error = (await failure(behind.create())) as Error;
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(String(error.cause)).toContain("this machine's clock is behind it");
  });

  test("a regenerate and a log-out everywhere that wait for one row: the session is dead, and counts once (G5)", async () => {
    for (const first of ["regenerate", "destroyByUser"] as const) {
      const { sessions, table } = await setUp();
      const where = tableIn(database, table);
      const { id } = await sessions.create({ userId: "u" });
      const moves = async (): Promise<unknown> => (await sessions.regenerate(id))?.id;
      const ends = (): Promise<unknown> => sessions.destroyByUser("u");
      const running: Promise<unknown>[] = [];
      await server.sql.begin(async (sql) => {
        await sql.unsafe(`SELECT id FROM ${where} WHERE id = '${sessions.handleOf(id)}' FOR UPDATE`);
        for (const [at, act] of (first === "regenerate" ? [moves, ends] : [ends, moves]).entries()) {
          running.push(act());
          await until(async () => (await waitingOn(database)) === at + 1, 10_000);
        }
      });
      const answers = await Promise.all(running);
      expect(answers).toContain(1);
      expect(Number((await server.query(`SELECT COUNT(*) AS n FROM ${where}`))[0]?.n)).toBe(0);
    }
  });

  test("an inspector sees what the server is, and every live row once, without making a table", async () => {
    const { sessions, table } = await setUp();
    const made = await Promise.all(
      Array.from({ length: 1001 }, (_, n) => sessions.create({ userId: `u${n % 700}` })),
    );
    const where = tableIn(database, table);
    const gone = sessions.handleOf(made[0]?.id ?? "");
    await server.query(`UPDATE ${where} SET expires_at = 1 WHERE id = '${gone}'`);
    const inspector = createSqlInspector({ url: database.url, table });
    const facts = await inspector.facts();
    expect(facts).toMatchObject({ schemaVersion: 2, knownSchemaVersion: 2, isReadOnly: false, expired: 1 });
    expect(facts.product).toMatch(database.dialect === "postgres" ? /^PostgreSQL \d/ : /^MariaDB \d+\.\d+/);
    expect(Math.abs(facts.clockOffset)).toBeLessThanOrEqual(1 + facts.roundTrip);
    const [names, users] = [new Set<string>(), [0]];
    for await (const rows of inspector.sessions()) for (const { name } of rows) names.add(name);
    for await (const counts of inspector.users()) users.push(...counts);
    expect(names).toEqual(new Set(made.slice(1).map(({ id }) => sessions.handleOf(id))));
    expect(users.length).toBe(1 + 700);
    expect(users.reduce((sum, count) => sum + count)).toBe(1000);
    expect(await inspector.rowCount()).toBe(1001);
    await inspector.close();
    const nowhere = createSqlInspector({ url: database.url, table: database.newTable() });
    expect(await nowhere.facts()).toMatchObject({ schemaVersion: 0, expired: 0 });
    await nowhere.close();
  });

  test("a table that is missing is a failure, and no session is taken for absent", async () => {
    const store = createSqlSessionStore({ url: database.url, table: database.newTable(), sweepInterval: 0 });
    const sessions = createSessionManager(store);
    const { id } = await createSessionManager(await database.createStore()).create();
    expect(await failure(sessions.get(id))).toMatchObject({ code: "STORE_UNAVAILABLE" });
    await store.migrate();
    expect(await sessions.get(id)).toBeNull();
    await store.close();
  });
});

/** How many statements wait for a lock. */
async function waitingOn({ dialect, server }: TestDatabase): Promise<number> {
  const question =
    dialect === "postgres"
      ? "SELECT COUNT(*) AS value FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
      : // Not innodb_trx: who asks that without pause is told the same for ever.
        "SELECT variable_value AS value FROM information_schema.global_status WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'";
  return Number((await server?.query(question))?.[0]?.value);
}

/** From the server's own database. */
const tableIn = ({ dialect }: TestDatabase, table: string): string =>
  dialect === "mysql" ? `sessions.${table}` : table;
