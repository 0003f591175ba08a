// One number of sessions in the memory store, in a process of its own: what one takes, and what the operations cost.
// Prints one line of JSON. Usage: bun scale/memory-sessions.ts SESSIONS
import { heapStats } from "bun:jsc";
import { createMemorySessionStore, createSessionManager } from "../../packages/auth/src/index.ts";
import { microsecondsPer } from "./timing.ts";

const SESSIONS = Number(process.argv[2]);
/** Ids to ask for: spread over all, more than the processor's caches hold. */
const ASKED = 20_000;

function heap(): number {
  Bun.gc(true);
  Bun.gc(true);
  // With what objects hold outside, such as the text of strings: `extraMemorySize` is in it already.
  return heapStats().heapSize;
}

/** Some 110 bytes of JSON. */
const dataOf = (index: number) => ({
  userId: `user-${index}`,
  role: "user",
  loginAt: "2026-01-01T00:00:00.000Z",
  theme: "dark",
  cart: [index, 2, 3],
});

const store = createMemorySessionStore({ sweepInterval: 2_000_000 });
const manager = createSessionManager(store);
const every = Math.max(1, Math.floor(SESSIONS / ASKED));
const ids: string[] = [];
const json = JSON.stringify(dataOf(SESSIONS - 1)).length;

const before = heap();
const rssBefore = process.memoryUsage.rss();
for (let index = 0; index < SESSIONS; index++) {
  const { id } = await manager.create(dataOf(index));
  if (index % every === 0) ids.push(id);
}
const bytes = (heap() - before - ids.length * 80) / SESSIONS;
// What making them took besides, and was freed just now, the allocator gives back to the system a while later.
await Bun.sleep(3000);
const resident = (process.memoryUsage.rss() - rssBefore) / SESSIONS;

// In no order that the memory has: a stride that shares no factor with their number.
const id = (at: number): string => ids[(at * 7919) % ids.length] ?? "";
let created = SESSIONS;
const get = await microsecondsPer((at) => manager.get(id(at)));
const touch = await microsecondsPer((at) => manager.touch(id(at)));
const update = await microsecondsPer((at) => manager.update(id(at), { theme: "light" }));
const create = await microsecondsPer(() => manager.create(dataOf(created++)));
const listByUser = await microsecondsPer((at) => manager.listByUser(`user-${(at * 7919) % SESSIONS}`));
console.log(
  JSON.stringify({
    sessions: SESSIONS,
    json,
    bytesPerSession: Math.round(bytes),
    residentPerSession: Math.round(resident),
    microseconds: { get, touch, update, create, listByUser },
  }),
);
await store.close();
