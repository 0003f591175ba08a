// The same work on every store, all of them taking turns in one run: memory, SQLite, PostgreSQL, MariaDB and Redis, each
// server on this machine with the settings it comes with. Medians of rounds, in microseconds.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRedisSessionStore,
  createSessionManager,
  createSessionStore,
  type SessionManager,
} from "../packages/auth/src/index.ts";
import { createRedisClient } from "../packages/cache/src/index.ts";
import { startRedis } from "../testing/redis/index.ts";
import { startMariadb, startPostgres } from "../testing/sql/index.ts";

const SESSIONS = 500;
const ROUNDS = 7;
const CALLERS = 50;

const folder = mkdtempSync(join(tmpdir(), "ventostack-bench-"));
const [postgres, mariadb, redis] = await Promise.all([
  startPostgres({ settings: ["fsync=on", "full_page_writes=on"] }),
  startMariadb({ args: ["--innodb-flush-log-at-trx-commit=1"] }),
  startRedis(),
]);
const urls = {
  memory: "memory:",
  SQLite: `sqlite:${join(folder, "sessions.db")}`,
  PostgreSQL: postgres.url,
  MariaDB: mariadb.url,
  Redis: redis.url,
};

const data = { role: "member", loginAt: new Date().toISOString(), note: "x".repeat(200) };

interface Subject {
  readonly name: string;
  readonly sessions: SessionManager;
  readonly ids: string[];
  close(): Promise<void>;
}

async function prepare([name, url]: [string, string]): Promise<Subject> {
  const store = url.startsWith("redis")
    ? createRedisSessionStore({ client: createRedisClient({ url, commandTimeout: 60_000 }) })
    : await createSessionStore(url);
  const sessions = createSessionManager(store, { storeTimeout: 60_000 });
  const ids: string[] = [];
  await atOnce(SESSIONS, CALLERS, async (number) => {
    ids.push((await sessions.create({ ...data, userId: `user-${number}` })).id);
  });
  return { name, sessions, ids, close: async () => store.close?.() };
}

async function atOnce(calls: number, callers: number, call: (number: number) => unknown): Promise<void> {
  let next = 0;
  async function caller(): Promise<void> {
    while (next < calls) await call(next++);
  }
  await Promise.all(Array.from({ length: callers }, caller));
}

const any = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)] ?? "";

const work = {
  get: ({ sessions, ids }: Subject) => sessions.get(any(ids)),
  touch: ({ sessions, ids }: Subject) => sessions.touch(any(ids)),
  update: ({ sessions, ids }: Subject) => sessions.update(any(ids), { seen: Math.random() }),
  create: ({ sessions }: Subject) => sessions.create({ ...data, userId: "somebody" }),
};

const subjects: Subject[] = [];
for (const entry of Object.entries(urls)) subjects.push(await prepare(entry));
const taken = new Map<string, number[]>();
for (let round = 0; round <= ROUNDS; round++) {
  for (const [kind, call] of Object.entries(work)) {
    for (const callers of [1, CALLERS]) {
      const calls = callers === 1 ? 50 : 500;
      for (const subject of subjects) {
        const startedAt = performance.now();
        await atOnce(calls, callers, () => call(subject));
        const key = `${kind} ${callers} ${subject.name}`;
        // The first round warms up.
        if (round > 0)
          taken.set(key, [...(taken.get(key) ?? []), ((performance.now() - startedAt) / calls) * 1000]);
      }
    }
  }
}
console.log(["", ...subjects.map(({ name }) => name)].map((cell) => cell.padStart(14)).join(""));
for (const kind of Object.keys(work)) {
  for (const callers of [1, CALLERS]) {
    const cells = subjects.map(({ name }) => {
      const times = (taken.get(`${kind} ${callers} ${name}`) ?? []).sort((a, b) => a - b);
      return (times[Math.floor(times.length / 2)] ?? 0).toFixed(1);
    });
    console.log([`${kind}, ${callers}`, ...cells].map((cell) => cell.padStart(14)).join(""));
  }
}

for (const { close } of subjects) await close();
await Promise.all([postgres.stop(), mariadb.stop(), redis.stop()]);
rmSync(folder, { recursive: true, force: true });
process.exit();
