import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMariadb, startPostgres } from "@ventostack/testing/sql";
import { createSessionManager, createSessionStore, SessionError } from "../index.ts";

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "ventostack-auth-"));
const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()]);
afterAll(async () => {
  await Promise.all([postgres.stop(), mariadb.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** What a password may hold that means something else in a URL. */
const PASSWORD = "p@ss/w:rd,%?#";

/** A session is written and read, by a store that comes later too, and after `close` nothing is. */
async function expectSessions(url: string): Promise<void> {
  const [store, later] = await Promise.all([createSessionStore(url), createSessionStore(url)]);
  const sessions = createSessionManager(store);
  const { id } = await sessions.create({ userId: "ada", n: 1 });
  await sessions.update(id, { n: 2 });
  expect((await createSessionManager(later).get(id))?.data).toEqual({ userId: "ada", n: 2 });
  await later.close?.();
  expect(await sessions.destroyByUser("ada")).toBe(1);
  await store.close?.();
  expect(await sessions.get(id).catch((error: unknown) => error)).toBeInstanceOf(SessionError);
}

test("sqlite: is a file, for its owner only", async () => {
  const file = join(folder, "own sessions 100%.db");
  await expectSessions(`sqlite:${file}`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await expectSessions(`sqlite://${file}`);
});

test("sqlite::memory: is in this process", async () => {
  const store = await createSessionStore("sqlite::memory:");
  const sessions = createSessionManager(store);
  const { id } = await sessions.create({ n: 1 });
  expect((await sessions.get(id))?.data).toEqual({ n: 1 });
  await store.close?.();
  expect(existsSync(":memory:")).toBe(false);
});

test.each(["postgres", "postgresql"])("%s:// is a table there", (scheme) =>
  expectSessions(postgres.url.replace("postgres:", `${scheme}:`)),
);

test.each(["mysql", "mariadb"])("%s:// is a table there, with the credentials of the URL", async (scheme) => {
  const account = `ada_${scheme}`;
  await mariadb.query(`CREATE DATABASE ${account}`);
  await mariadb.query(`CREATE USER ${account}@'%' IDENTIFIED BY '${PASSWORD}'`);
  await mariadb.query(`GRANT ALL ON ${account}.* TO ${account}@'%'`);
  const credentials = `${account}:${encodeURIComponent(PASSWORD)}`;
  await expectSessions(`${scheme}://${credentials}@127.0.0.1:${mariadb.port}/${account}`);
});

test("the database of the URL counts, whatever the environment names", async () => {
  await postgres.query("CREATE DATABASE named");
  const script = `
    import { createSessionStore } from ${JSON.stringify(new URL("../index.ts", import.meta.url).pathname)};
    const store = await createSessionStore(process.argv[1]);
    await store.set({ id: "a", data: {}, expiresAt: Date.now() + 100_000 });
    await store.close();
    console.log("done");
    process.exit();
  `;
  const url = postgres.url.replace(/\w+$/, "named");
  const child = Bun.spawn([process.execPath, "-e", script, url], {
    env: { ...process.env, PGDATABASE: "template1" },
    stdout: "pipe",
    stderr: "inherit",
  });
  expect(await child.stdout.text()).toBe("done\n");
  const store = await createSessionStore(url);
  expect(await store.get("a")).not.toBeNull();
  await store.close?.();
});

test.each([
  "postgres://ada:topsecret@127.0.0.1:1/sessions",
  "mysql://ada:topsecret@127.0.0.1:1/sessions",
  () => `mysql://ada:topsecret@127.0.0.1:${mariadb.port}/mysql`,
  () => `postgres://nobody:topsecret@127.0.0.1:${postgres.port}/postgres`,
  `sqlite:${folder}/no/such/folder/topsecret.db`,
])("%p: where there is no such database it rejects, and shows no password", async (made) => {
  const url = typeof made === "string" ? made : made();
  const error: unknown = await createSessionStore(url).then(String, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(SessionError);
  expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect((error as SessionError).cause).toBeInstanceOf(Error);
  if (!url.startsWith("sqlite")) expect(Bun.inspect(error)).not.toContain("topsecret");
});

test.each([
  "sqlite:",
  "sqlite://",
  "sqlite:topsecret.db?mode=ro",
  "sqlite:topsecret.db#a",
  "postgres:ada:topsecret@localhost",
  "postgres://",
  "postgres:///topsecret",
  "postgres://ada:topsecret@localhost:99999/db",
  "mysql:topsecret",
  "mysql://ada:topsecret@localhost:x/db",
  "mariadb://",
])("%p is refused, without showing what may be a password", async (url) => {
  const error: unknown = await createSessionStore(url).then(
    (store) => store.close?.().then(() => "a store"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SessionError);
  expect(error).toMatchObject({ code: "INVALID_OPTION" });
  expect(String(error)).not.toMatch(/secret|localhost/);
});
