// Writes to a SQLite file until it is killed, and says what was acknowledged: `LIFE STEP` in a line.
import { writeSync } from "node:fs";
import { createSqlSessionStore } from "../index.ts";
import { lifeOf, STEPS } from "./lives.test-kit.ts";

const [url = "", name = "", synchronous = "full"] = process.argv.slice(2);
const store = createSqlSessionStore({
  url,
  synchronous: synchronous as "full" | "normal",
  sweepInterval: 0,
  timeout: 20_000,
});

async function live(life: string): Promise<void> {
  for (const [step, { act }] of STEPS.entries()) {
    await act(store, lifeOf(life));
    writeSync(1, `${life} ${step}\n`);
  }
}

async function lane(number: number): Promise<void> {
  for (let life = 0; ; life++) await live(`${name}-${number}-${life}`);
}

await Promise.all(Array.from({ length: 8 }, (_, number) => lane(number)));
