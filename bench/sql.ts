// A million sessions in a SQLite file: what reads, touches, log-ins and the sweep cost, next to a bare prepared statement
// that does the same read. Every figure is the median of rounds in which all of them take turns.
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSessionManager, createSqlSessionStore } from "../packages/auth/src/index.ts";

const SESSIONS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 15;
/** Calls of one kind in a round. */
const CALLS = 2000;
/** Callers at once, where there are several. */
const CALLERS = 50;

const folder = mkdtempSync(join(tmpdir(), "ventostack-bench-"));
const file = join(folder, "sessions.db");
const data = { userId: "", role: "member", loginAt: new Date().toISOString(), note: "x".repeat(200) };

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function seconds(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

async function atOnce(calls: number, callers: number, call: (number: number) => unknown): Promise<void> {
  let next = 0;
  async function caller(): Promise<void> {
    while (next < calls) await call(next++);
  }
  await Promise.all(Array.from({ length: callers }, caller));
}

const store = createSqlSessionStore({ url: `sqlite:${file}`, sweepInterval: 0, timeout: 60_000 });
await store.migrate();
const sessions = createSessionManager(store, { ttl: 3600, touchInterval: 0, storeTimeout: 60_000 });
const ids: string[] = [];
const filling = await seconds(() =>
  atOnce(SESSIONS, 200, async (number) => {
    ids.push((await sessions.create({ ...data, userId: `user-${number % (SESSIONS / 2)}` })).id);
  }),
);

const bare = new Database(file);
const statement = bare.prepare("SELECT * FROM ventostack_sessions WHERE id = ?1 AND expires_at > ?2");
const keys = ids.map((id) => sessions.handleOf(id));
const any = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)] ?? "";

const kinds: Record<string, () => Promise<void> | void> = {
  "bare statement, JSON parsed": () => {
    for (let call = 0; call < CALLS; call++) {
      const row = statement.get(any(keys), Date.now()) as { data: string };
      JSON.parse(row.data);
    }
  },
  "store.load": async () => {
    for (let call = 0; call < CALLS; call++) await store.load(any(keys));
  },
  "session.get": async () => {
    for (let call = 0; call < CALLS; call++) await sessions.get(any(ids));
  },
  "session.touch, one after the other": () => atOnce(CALLS / 10, 1, () => sessions.touch(any(ids))),
  [`session.touch, ${CALLERS} at once`]: () => atOnce(CALLS, CALLERS, () => sessions.touch(any(ids))),
  "session.create, one after the other": () => atOnce(CALLS / 10, 1, () => sessions.create(data)),
  [`session.create, ${CALLERS} at once`]: () => atOnce(CALLS, CALLERS, () => sessions.create(data)),
};
const callsOf = (name: string): number => (name.endsWith("one after the other") ? CALLS / 10 : CALLS);

const taken = new Map<string, number[]>(Object.keys(kinds).map((name) => [name, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, work] of Object.entries(kinds)) {
    const time = await seconds(work);
    // The first round warms up.
    if (round > 0) taken.get(name)?.push((time / callsOf(name)) * 1e6);
  }
}

bare.run("PRAGMA wal_checkpoint(TRUNCATE)");
const bytes = statSync(file).size;
const [{ rows }] = bare.query("SELECT COUNT(*) AS rows FROM ventostack_sessions").all() as [{ rows: number }];
console.log(`${rows} sessions of ${JSON.stringify({ ...data, userId: "user-123456" }).length} bytes of JSON`);
console.log(`file: ${(bytes / 2 ** 20).toFixed(0)} MiB, ${(bytes / rows).toFixed(0)} bytes a session`);
console.log(`filled at ${Math.round(SESSIONS / filling)} sessions a second, 200 at once`);
const base = median(taken.get("bare statement, JSON parsed") ?? []);
for (const [name, times] of taken) {
  const time = median(times);
  console.log(
    `${name.padEnd(36)} ${time.toFixed(1).padStart(7)} us  ${Math.round(1e6 / time)
      .toString()
      .padStart(7)} a second  ${(time / base).toFixed(2)} times the bare read`,
  );
}

bare.run("UPDATE ventostack_sessions SET expires_at = 1 WHERE seq % 10 = 0");
let longest = 0;
let last = performance.now();
const watch = setInterval(() => {
  longest = Math.max(longest, performance.now() - last - 1);
  last = performance.now();
}, 1);
let removed = 0;
const sweeping = await seconds(async () => {
  removed = await store.sweep();
});
clearInterval(watch);
console.log(
  `sweep: ${removed} expired of ${rows} in ${sweeping.toFixed(1)} s, ${Math.round(removed / sweeping)} a second; longest pause ${longest.toFixed(0)} ms`,
);

bare.close();
await store.close();
rmSync(folder, { recursive: true, force: true });
