import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemorySessionStore, createSessionStore, type SessionStore } from "@ventostack/auth";
import { cookieValuesIn, createBrowser, type Dump, gate, replay } from "@ventostack/testing";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { type SqlServer, startPostgres } from "@ventostack/testing/sql";
import { SQL } from "bun";
import { createApp } from "./app.ts";

const ADA = { email: "ada@example.com", password: "correct horse battery staple" };
const GRACE = { ...ADA, email: "grace@example.com" };

/** A store that is in use, and a copy of all that is in it. */
interface Stolen {
  readonly store: SessionStore;
  dump(): Promise<Dump>;
}

/** What is in memory cannot be read from outside: all that the store was ever given is more than that. */
async function stealMemory(): Promise<Stolen> {
  const { store, calls } = gate(createMemorySessionStore());
  return { store, dump: async () => calls.flatMap((call) => textsIn(call)) };
}

let redis: RedisServer;
let postgres: SqlServer;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
});
afterAll(() => Promise.all([redis.stop(), postgres.stop()]));

async function stealRedis(): Promise<Stolen> {
  await redis.command("FLUSHALL");
  const store = await createSessionStore(redis.url);
  const read = {
    string: ["GET"],
    zset: ["ZRANGE", "0", "-1", "WITHSCORES"],
    set: ["SMEMBERS"],
    hash: ["HGETALL"],
  };
  return {
    store,
    async dump() {
      const keys = (await redis.command("KEYS", "*")) as string[];
      const contents = await Promise.all(
        keys.map(async (key) => {
          const [command = "", ...args] = read[(await redis.command("TYPE", key)) as keyof typeof read];
          return redis.command(command, key, ...args);
        }),
      );
      return [...keys, ...textsIn(contents)];
    },
  };
}

/** The rows, and the file with what is beside it as it lies on the disk. */
async function stealSqlite(): Promise<Stolen> {
  const folder = mkdtempSync(join(tmpdir(), "ventostack-stolen-"));
  const file = join(folder, "sessions.db");
  const store = await createSessionStore(`sqlite:${file}`);
  return {
    store: {
      ...store,
      async close() {
        await store.close?.();
        rmSync(folder, { recursive: true });
      },
    },
    async dump() {
      await using sql = new SQL(`sqlite://${file}`);
      const raw = ["", "-wal"].map((suffix) => readFileSync(file + suffix, "latin1"));
      const strings = raw.flatMap((content) => content.match(/[\x20-\x7e]{20,}/g) ?? []);
      return [...textsIn([...(await sql.unsafe(ROWS))]), ...strings];
    },
  };
}

async function stealPostgres(): Promise<Stolen> {
  await postgres.query("DROP TABLE IF EXISTS ventostack_sessions, ventostack_sessions_schema");
  const store = await createSessionStore(postgres.url);
  return { store, dump: async () => textsIn(await postgres.query(ROWS)) };
}

const ROWS = "SELECT * FROM ventostack_sessions";

/** Every text in it, of names as well; text that is JSON as it is, and what is in it. */
function textsIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) {
    return [
      JSON.stringify(value),
      ...Object.entries(value).flatMap(([name, entry]) => [name, ...textsIn(entry)]),
    ];
  }
  const text = String(value);
  return text.startsWith("{") ? [text, ...textsIn(JSON.parse(text))] : [text];
}

describe.each([
  ["memory", stealMemory],
  ["Redis", stealRedis],
  ["SQLite", stealSqlite],
  ["PostgreSQL", stealPostgres],
])("a copy of all that is in the store, on %s", (_, steal) => {
  /** Sessions in several states, and every value in the store tried as a cookie: those that opened one. */
  async function tryAll(options: { hashIds?: boolean } = {}): Promise<{ tried: string[]; opened: string[] }> {
    const { store, dump } = await steal();
    const app = createApp(store, { ttl: 600, touchInterval: 0, absoluteTtl: 1000, ...options });
    const server = Bun.serve({ port: 0, ...app.serve() });
    const { origin } = server.url;
    try {
      const [phone, laptop, grace] = [createBrowser(origin), createBrowser(origin), createBrowser(origin)];
      for (const person of [phone, laptop]) await person.send("POST", "/auth/login", ADA);
      await grace.send("POST", "/auth/login", GRACE);
      await laptop.send("PATCH", "/me", { theme: "dark", nested: { list: [1, "two"] } });
      await grace.send("POST", "/auth/login", GRACE);
      await phone.send("POST", "/auth/logout");
      expect((await laptop.fetch("/me")).status).toBe(200);
      expect((await grace.fetch("/me")).status).toBe(200);
      const tried = cookieValuesIn(await dump());
      return { tried, opened: await replay(`${origin}/me`, "sid", tried) };
    } finally {
      await server.stop(true);
      await store.close?.();
    }
  }

  test("[SEC-03] [HOLE-06] opens nothing: every key and value of it, and every part of them, as a cookie is refused", async () => {
    const { tried, opened } = await tryAll();
    expect(tried.filter((value) => /^[\w-]{43}$/.test(value)).length).toBeGreaterThan(1);
    expect(opened).toEqual([]);
  });

  test("opens the sessions where ids are not hashed: what is tried above would have found them", async () => {
    const { opened } = await tryAll({ hashIds: false });
    expect(opened.length).toBeGreaterThanOrEqual(2);
  });
});
