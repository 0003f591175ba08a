import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  createSessionManager,
  createSessionStore,
  type SessionManager,
  type SessionStore,
} from "@ventostack/auth";
import { type RedisServer, startRedis, until } from "@ventostack/testing/redis";
import { type Ran, run } from "./command-line.test-kit.ts";

let redis: RedisServer;
let store: SessionStore;
let sessions: SessionManager;
const ids: string[] = [];

beforeAll(async () => {
  redis = await startRedis({ password: "p@ss word" });
  store = await createSessionStore(redis.url);
  sessions = createSessionManager(store, { ttl: 7200 });
});
afterAll(async () => {
  await store.close?.();
  await redis.stop();
});
beforeEach(async () => {
  await redis.command("FLUSHALL");
  ids.length = 0;
  for (const data of [{ userId: "ada" }, { userId: "ada" }, { userId: "bob", note: "\x1b[31mred\n" }, {}]) {
    ids.push((await sessions.create(data)).id);
  }
});

/** Whatever is asked for: no id and no password. */
async function runHere(...args: readonly string[]): Promise<Ran> {
  const ran = await run(args, { store: redis.url });
  for (const secret of [...ids, "p@ss word", "p%40ss"]) expect(ran.out + ran.error).not.toContain(secret);
  return ran;
}

const json = async (...args: readonly string[]): Promise<unknown> =>
  JSON.parse((await runHere(...args, "--json")).out);
const handle = (index: number): string => sessions.handleOf(ids[index] ?? "");

test("the connection is closed at the end", async () => {
  const connections = async (): Promise<number> =>
    String(await redis.command("CLIENT", "LIST", "TYPE", "normal"))
      .trim()
      .split("\n").length;
  const before = await connections();
  await runHere("stats");
  await until(async () => (await connections()) === before);
});

describe("stats", () => {
  test("counts sessions, users, and what cannot be read", async () => {
    await redis.command("SET", "session:id:broken", "{", "EX", 60);
    expect(await json("stats")).toMatchObject({
      sessions: 4,
      anonymous: 1,
      unreadable: 1,
      users: 2,
      ends: { hour: 0, day: 4, week: 0, later: 0 },
    });
    expect((await runHere("stats")).out).toMatch(/^sessions +4\n {2}without a user +1$/m);
  });
});

describe("list", () => {
  test("shows a user's sessions by their handles, newest first", async () => {
    const listed = (await json("list", "--user", "ada")) as { handle: string }[];
    expect(listed.map((session) => session.handle).sort()).toEqual([handle(0), handle(1)].sort());
    expect(Object.keys(listed[0] ?? {})).not.toContain("data");
    const { out, exitCode } = await runHere("list", "--user", "ada");
    expect(out).toMatch(/^HANDLE +CREATED \(UTC\) +ENDS +DEVICE\n/);
    expect(out).toContain(handle(0));
    expect(exitCode).toBe(0);
  });

  test("shows what they hold only when asked, and nothing that steers a terminal", async () => {
    expect((await runHere("list", "--user", "bob")).out).not.toContain("red");
    const { out } = await runHere("list", "--user", "bob", "--data");
    expect(out).toContain("red");
    expect(out).not.toContain("\x1b");
    expect(await json("list", "--user", "bob", "--data")).toMatchObject([
      { data: { note: "\x1b[31mred\n" } },
    ]);
  });

  test("says that there is none", async () => {
    expect(await runHere("list", "--user", "nobody")).toMatchObject({
      exitCode: 0,
      out: "The user has no session.\n",
    });
  });
});

describe("revoke", () => {
  test("ends all sessions of a user", async () => {
    expect(await json("revoke", "--user", "ada")).toEqual({ ended: 2 });
    expect(await Promise.all(ids.map(async (id) => (await sessions.get(id)) !== null))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(await runHere("revoke", "--user", "ada")).toMatchObject({
      exitCode: 1,
      out: "There is no such session.\n",
    });
  });

  test("ends one session by its handle, with the user or without", async () => {
    expect(await json("revoke", "--handle", handle(0), "--user", "bob")).toEqual({ ended: 0 });
    expect(await json("revoke", "--handle", handle(0), "--user", "ada")).toEqual({ ended: 1 });
    expect(await json("revoke", "--handle", handle(3))).toEqual({ ended: 1 });
    expect(await json("revoke", "--handle", handle(3))).toEqual({ ended: 0 });
    expect(await sessions.get(ids[1] ?? "")).not.toBeNull();
  });

  test("a handle may begin with what looks like an option", async () => {
    const ran = await runHere("revoke", "--handle", `--${"a".repeat(41)}`);
    expect(ran).toMatchObject({ exitCode: 1, out: "There is no such session.\n" });
  });

  test("a manager's prefix and plain ids are honoured", async () => {
    const other = createSessionManager(store, { prefix: "admin:", hashIds: false });
    const { id } = await other.create({ userId: "eve" });
    ids.push(id);
    expect(await json("list", "--user", "eve")).toEqual([]);
    const args = ["--prefix", "admin:", "--plain-ids", "--user", "eve"];
    expect(await json("list", ...args)).toMatchObject([{ handle: other.handleOf(id) }]);
    expect(await json("revoke", ...args, "--handle", other.handleOf(id))).toEqual({ ended: 1 });
    expect((await runHere("revoke", "--plain-ids", "--handle", other.handleOf(id))).exitCode).toBe(2);
  });
});

describe("prune", () => {
  test("takes out what stands for no session, and leaves the rest", async () => {
    const set = `session:user:${Bun.SHA256.hash("ada", "base64url")}`;
    await redis.command("ZADD", set, 1, "gone", 2, handle(2));
    expect(await json("prune")).toEqual({ users: 2, members: 5, removed: 2 });
    expect(await redis.command("ZCARD", set)).toBe(2);
    expect((await runHere("prune")).out).toStartWith(
      "Looked at 3 entries of 2 users' indexes, and removed 0",
    );
  });

  test("leaves a young entry: its session may be about to be written", async () => {
    const set = `session:user:${Bun.SHA256.hash("ada", "base64url")}`;
    await redis.command("ZADD", set, Date.now(), "soon");
    expect(await json("prune")).toMatchObject({ removed: 0 });
  });
});

describe("progress", () => {
  test("is drawn for a person, and gone at the end", async () => {
    const { out, error } = await run(["stats"], { store: redis.url, isTerminal: true });
    expect(error).toMatch(/\rCounting .* \d+ %/);
    expect(error).toEndWith("\r\x1b[2K");
    expect(out).not.toContain("Counting");
  });

  test("is not, into a file", async () => {
    expect((await runHere("stats")).error).toBe("");
  });
});

describe("refuses", () => {
  const wrong: readonly [string, ...string[]][] = [
    ["There is no command frob; there are stats", "frob"],
    ["Unknown option '--frob'", "stats", "--frob"],
    ["The command stats has no option --user", "stats", "--user", "ada"],
    ['"ada" stands alone', "list", "ada"],
    ["Whose sessions?", "list"],
    ["The userId is", "list", "--user", ""],
    ["Which sessions?", "revoke"],
    ["A handle has 43", "revoke", "--handle", "*"],
    ["no other program can see", "stats", "--store", "memory:"],
    ["has mongodb:, which", "stats", "--store", "mongodb://:secret@db"],
    ["not of the form redis+cluster:", "stats", "--store", "redis+cluster://:secret@"],
    ["without braces", "stats", "--key-prefix", "{a}"],
    ["no other program can see", "stats", "--store", "sqlite::memory:"],
    ["it has a prefix", "stats", "--table", "a"],
    ["it has a table", "stats", "--store", "sqlite:a.db", "--key-prefix", "a:"],
    ["The option table is", "stats", "--store", "sqlite:a.db", "--table", "a b"],
    ["not of the form", "stats", "--store", "postgres://:secret@"],
  ];

  test.each(wrong)("%s", async (message, ...args) => {
    const { exitCode, out, error } = await runHere(...args);
    expect(error).toContain(message);
    expect(error).not.toContain("secret");
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
  });

  test("to guess the store", async () => {
    expect(await run(["stats"])).toMatchObject({ exitCode: 2, out: "" });
  });
});

test("a store that cannot be used is another exit code, without its password", async () => {
  const { exitCode, error } = await run(["stats", "--store", `redis://:hunter2@127.0.0.1:${redis.port}`]);
  expect(error).toContain("WRONGPASS");
  expect(error).not.toContain("hunter2");
  expect(exitCode).toBe(3);
});

test("help and version are for everybody, and nothing at all is a mistake", async () => {
  expect(await run(["--help"])).toMatchObject({ exitCode: 0, error: "" });
  expect((await run(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(await run([])).toMatchObject({ exitCode: 2, out: "" });
});

test("the program itself prints what was asked for, and ends with the exit code", async () => {
  const bin = new URL("bin.ts", import.meta.url).pathname;
  const child = Bun.spawn([process.execPath, bin, "revoke", "--user", "nobody", "--json"], {
    env: { ...process.env, SESSION_STORE: redis.url },
    stderr: "pipe",
  });
  expect(JSON.parse(await child.stdout.text())).toEqual({ ended: 0 });
  expect(await child.stderr.text()).toBe("");
  expect(await child.exited).toBe(1);
});
