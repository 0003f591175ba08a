// One million sessions in the memory store: created, half of them expired, swept. Prints the heap before and after
// beside that of the live sessions alone, the longest pause that the sweep added to the event loop, and the bytes per
// session beside a plain Map of the same records. Usage: bun bench/memory.ts [sessions]
import { heapStats } from "bun:jsc";
import { createMemorySessionStore, type MemorySessionStore } from "../packages/store-memory/src/index.ts";

const SESSIONS = Number(process.argv[2] ?? 1_000_000);
const MEGABYTE = 2 ** 20;
const HOUR = 3_600_000;

/** Heap in use, garbage collected first: JavaScript objects and what they hold outside, such as strings. */
function heap(): number {
  Bun.gc(true);
  Bun.gc(true);
  // With what objects hold outside, such as the text of strings: `extraMemorySize` is in it already.
  return heapStats().heapSize;
}

/** A key of the shape that the manager makes. Its own string, as one that came off the network would be. */
function keyOf(index: number): string {
  return `session:${Bun.SHA256.hash(String(index), "base64url")}`;
}

function dataOf(index: number): Record<string, unknown> {
  return {
    userId: `user-${index}`,
    role: "user",
    loginAt: "2026-01-01T00:00:00.000Z",
    theme: "dark",
    cart: [index, 2, 3],
  };
}

function fill(store: MemorySessionStore, from: number, to: number, expiresAt: number): void {
  for (let index = from; index < to; index++) {
    const session = {
      id: keyOf(index),
      data: dataOf(index),
      createdAt: 0,
      expiresAt,
      userKey: `session:user-${index}`,
      revision: 1,
      version: 1,
    };
    store.insert(session);
  }
}

/** The longest time that the event loop was held up while the work went on, in milliseconds. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  running = false;
  tick();
  return longest;
}

let now = 0;
const clock = (): number => now;
const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;

const empty = heap();

// The floor: the live half alone, as a plain Map of the same records as JSON text.
let map: Map<string, { data: string; expiresAt: number }> | undefined = new Map();
for (let index = 0; index < SESSIONS; index++) {
  map.set(keyOf(index), { data: JSON.stringify(dataOf(index)), expiresAt: HOUR });
}
const json = [...map.values()].reduce((sum, { data }) => sum + data.length, 0) / SESSIONS;
const plain = (heap() - empty) / SESSIONS;
if (map.size !== SESSIONS) throw new Error("The map lost records.");
map = undefined;

const half = Math.floor(SESSIONS / 2);
let alone: MemorySessionStore | undefined = createMemorySessionStore({ clock, sweepInterval: 2_000_000 });
const beforeAlone = heap();
fill(alone, half, SESSIONS, HOUR);
const live = heap() - beforeAlone;
await alone.close();
alone = undefined;

const beforeStore = heap();
const store = createMemorySessionStore({ clock, sweepInterval: 2_000_000 });
fill(store, 0, half, HOUR / 2);
fill(store, half, SESSIONS, HOUR);
const full = heap() - beforeStore;
now = HOUR / 2;
const idle = await longestPause(() => Bun.sleep(100));
let removed = 0;
const pause = await longestPause(async () => {
  removed = await store.sweep();
});
const swept = heap() - beforeStore;

console.log(`${SESSIONS} sessions of ${json.toFixed(0)} bytes of JSON each, one per user`);
console.log(
  `bytes per session: ${(full / SESSIONS).toFixed(0)}; a plain Map of the same records: ${plain.toFixed(0)}`,
);
console.log(`reach (1.5 x JSON + 150): ${(json * 1.5 + 150).toFixed(0)}`);
console.log(`swept ${removed} of them; heap ${megabytes(full)} before, ${megabytes(swept)} after`);
console.log(
  `the ${SESSIONS - half} live ones alone: ${megabytes(live)}; after the sweep: ${(swept / live).toFixed(3)} of that`,
);
console.log(
  `longest pause of the event loop: ${pause.toFixed(1)} ms in the sweep, ${idle.toFixed(1)} ms idle`,
);
