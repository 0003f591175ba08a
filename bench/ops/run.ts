// Each operation of the manager beside the bare command of the same store, by turns, with 1, 50 and 200 callers: time
// and CPU time of this process per operation, the slowest hundredth, and what one allocates. Needs redis-server.
// Usage: bun ops/run.ts [--rounds=9] [--stores=memory,redis] [--out=results/ops.json]
import { startRedis } from "../../testing/redis/index.ts";
import { option } from "../lib/arguments.ts";
import { describeMachine } from "../lib/machine.ts";
import { quantile, type Spread, spreadOf } from "../lib/statistics.ts";
import { type Operation, operations } from "./operations.ts";
import { memorySubject, redisSubject, type Subject } from "./subject.ts";

const ROUNDS = Number(option("rounds", "9"));
const STORES = option("stores", "memory,redis").split(",");
const OUT = option("out", "");
/** Operations in one round: some ten milliseconds' work. */
const STEPS = { memory: 5000, Redis: 2000 };

interface Sample {
  /** Microseconds per operation: by the clock, all callers together; and CPU time of this process. */
  readonly time: number;
  readonly cpu: number;
  /** Microseconds that one caller waited: the median, and the slowest hundredth. */
  readonly p50: number;
  readonly p99: number;
}

async function measure(step: (at: number) => unknown, steps: number, callers: number): Promise<Sample> {
  const waited: number[] = [];
  let next = 0;
  const usedBefore = process.cpuUsage();
  const begun = performance.now();
  async function caller(): Promise<void> {
    while (next < steps) {
      const asked = performance.now();
      await step(next++);
      waited.push((performance.now() - asked) * 1000);
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  const time = ((performance.now() - begun) * 1000) / steps;
  const { user, system } = process.cpuUsage(usedBefore);
  return { time, cpu: (user + system) / steps, p50: quantile(waited, 0.5), p99: quantile(waited, 0.99) };
}

interface Row {
  readonly store: string;
  readonly operation: string;
  readonly callers: number;
  readonly microseconds: Spread;
  readonly cpuMicroseconds: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
  /** Time and CPU time over those of the bare command, round by round. */
  readonly timeOverBare: Spread;
  readonly cpuOverBare: Spread;
}

async function compare(subject: Subject, operation: Operation, callers: number): Promise<Row> {
  const steps = subject.name === "memory" ? STEPS.memory : STEPS.Redis;
  const bare = subject[operation.base];
  const pairs: { own: Sample; base: Sample }[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const step = await operation.prepare(subject, steps);
    const base = await measure(bare, steps, callers);
    const own = await measure(step, steps, callers);
    if (round >= 0) pairs.push({ own, base });
  }
  const of = (pick: (pair: { own: Sample; base: Sample }) => number): Spread => spreadOf(pairs.map(pick));
  return {
    store: subject.name,
    operation: operation.name,
    callers,
    microseconds: of(({ own }) => own.time),
    cpuMicroseconds: of(({ own }) => own.cpu),
    p50: of(({ own }) => own.p50),
    p99: of(({ own }) => own.p99),
    timeOverBare: of(({ own, base }) => own.time / base.time),
    cpuOverBare: of(({ own, base }) => own.cpu / base.cpu),
  };
}

/** Bytes that one operation allocates, in a process whose garbage is never collected. */
function allocations(): { operation: string; bytes: number }[] {
  const child = Bun.spawnSync([process.execPath, `${import.meta.dir}/allocations.ts`], {
    env: { ...process.env, BUN_JSC_useGC: "0" },
    stderr: "inherit",
  });
  return JSON.parse(child.stdout.toString());
}

const rows: Row[] = [];
const redis = STORES.includes("redis") ? await startRedis() : undefined;
const subjects = [
  ...(STORES.includes("memory") ? [memorySubject] : []),
  ...(redis ? [() => redisSubject(redis.url)] : []),
];
for (const make of subjects) {
  for (const operation of operations) {
    for (const callers of [1, 50, 200]) {
      const subject = make();
      const row = await compare(subject, operation, callers);
      await subject.close();
      await redis?.command("FLUSHALL");
      rows.push(row);
      const { microseconds, cpuMicroseconds, p99, timeOverBare, cpuOverBare } = row;
      console.log(
        `${row.store.padEnd(7)} ${row.operation.padEnd(27)} ${String(callers).padStart(4)} callers` +
          `${microseconds.median.toFixed(2).padStart(10)} us${cpuMicroseconds.median.toFixed(2).padStart(9)} us CPU` +
          `${p99.median.toFixed(1).padStart(10)} us p99   time x ${timeOverBare.median.toFixed(2)}, CPU x ${cpuOverBare.median.toFixed(2)}`,
      );
    }
  }
}
await redis?.stop();
const bytes = allocations();
for (const { operation, bytes: each } of bytes)
  console.log(`memory  ${operation.padEnd(27)} allocates ${each} bytes`);
if (OUT !== "") {
  const result = { machine: describeMachine(), rounds: ROUNDS, rows, allocations: bytes };
  await Bun.write(OUT, `${JSON.stringify(result, null, 2)}\n`);
}
