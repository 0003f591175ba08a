// What one operation on the memory store allocates, as JSON. To be run with garbage collection switched off
// (BUN_JSC_useGC=0), or there is nothing to count.
import { operations } from "./operations.ts";
import { memorySubject } from "./subject.ts";

const STEPS = 5000;

async function bytesPerStep(step: (at: number) => unknown): Promise<number> {
  const before = process.memoryUsage().heapUsed;
  for (let at = 0; at < STEPS; at++) await step(at);
  return Math.round((process.memoryUsage().heapUsed - before) / STEPS);
}

const found: { operation: string; bytes: number }[] = [];
const subject = memorySubject();
for (const [operation, step] of [
  ["bare Map.get and JSON.parse", subject.bareRead],
  ["bare JSON.stringify and Map.set", subject.bareWrite],
] as const) {
  await bytesPerStep(step);
  found.push({ operation, bytes: await bytesPerStep(step) });
}
for (const { name, prepare } of operations) {
  // Once for the compiler, whose own memory counts too.
  await bytesPerStep(await prepare(subject, STEPS));
  found.push({ operation: name, bytes: await bytesPerStep(await prepare(subject, STEPS)) });
}
await subject.close();
console.log(JSON.stringify(found));
