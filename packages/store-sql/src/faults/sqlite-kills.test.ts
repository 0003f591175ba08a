import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { dirname } from "node:path";
import { openSqliteDatabase, type TestDatabase } from "../databases.test-kit.ts";
import { lifeOf, STEPS } from "./lives.test-kit.ts";

let database: TestDatabase;
/** In one file: so many processes spend most of their time on reading the code. */
let child: string;
beforeAll(async () => {
  database = openSqliteDatabase();
  const { outputs } = await Bun.build({
    entrypoints: [`${import.meta.dir}/crash-child.test-kit.ts`],
    target: "bun",
    outdir: dirname(database.url.replace("sqlite:", "")),
  });
  child = outputs[0]?.path ?? "";
  await database.createStore({ table: "ventostack_sessions" });
});
afterAll(() => database.stop());

/** Processes that write to the one file at the same time, and are killed with SIGKILL. */
const TOGETHER = 4;

/** Starts a process, kills it once it has acknowledged so many steps, and gives the last one of each life. */
async function killAfter(
  name: string,
  acknowledged: number,
  synchronous: string,
): Promise<Map<string, number>> {
  const writer = Bun.spawn([process.execPath, child, database.url, name, synchronous], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let output = "";
  const decoder = new TextDecoder();
  for await (const bytes of writer.stdout) {
    output += decoder.decode(bytes, { stream: true });
    if (output.split("\n").length > acknowledged) writer.kill("SIGKILL");
  }
  await writer.exited;
  expect(writer.signalCode).toBe("SIGKILL");
  // A line that was cut off was acknowledged all the same, but to nobody.
  const lines = output.split("\n").slice(0, -1);
  return new Map(lines.map((line) => line.split(" ")).map(([life = "", step]) => [life, Number(step)]));
}

/** What of the file contradicts what was acknowledged. */
function findFlaws(lives: ReadonlyMap<string, number>): string[] {
  using file = new Database(database.url.replace("sqlite:", ""));
  const flaws: string[] = [];
  const check = file.query("PRAGMA integrity_check").all() as { integrity_check: string }[];
  flaws.push(...check.map(({ integrity_check }) => integrity_check).filter((line) => line !== "ok"));

  const found = new Map<string, string[]>();
  for (const row of file.query("SELECT * FROM ventostack_sessions").all() as Record<string, unknown>[]) {
    const life = String(row.id).replace("-moved", "");
    const { data } = lifeOf(life).at("", Number(row.revision));
    if (row.data !== JSON.stringify(data)) flaws.push(`half-written: ${row.id}`);
    found.set(life, [...(found.get(life) ?? []), `${row.id} ${row.revision}`]);
  }
  // The step after the last that was acknowledged may have been done.
  for (const life of new Set([...lives.keys(), ...found.keys()])) {
    const step = lives.get(life) ?? -1;
    const records = found.get(life)?.join() ?? "";
    const possible = [step, step + 1].map((at) => STEPS[at]?.leaves(lifeOf(life)) ?? "");
    if (!possible.includes(records)) flaws.push(`${life} after step ${step}: ${records || "nothing"}`);
  }
  file.run("DELETE FROM ventostack_sessions");
  return flaws;
}

test.each([
  ["full", 48],
  ["normal", 2],
] as const)(
  "synchronous %s: four processes killed at random points, %d times: the file is sound, nothing is half-written, all that was acknowledged is there",
  async (synchronous, rounds) => {
    let random = 20_251;
    const pick = (below: number): number => {
      random = (random * 48_271) % 2_147_483_647;
      return random % below;
    };
    let kills = 0;
    for (let round = 0; round < rounds; round++) {
      const killed = await Promise.all(
        Array.from({ length: TOGETHER }, (_, process) =>
          killAfter(`${round}-${process}`, 1 + pick(40), synchronous),
        ),
      );
      kills += killed.length;
      expect(findFlaws(new Map(killed.flatMap((lives) => [...lives])))).toEqual([]);
    }
    expect(kills).toBe(rounds * TOGETHER);
  },
  120_000,
);
