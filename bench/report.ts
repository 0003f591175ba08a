// Writes the tables of docs/performance.md and its chart from the result files. The text between the tables is written
// by hand. Usage: bun report.ts
import { join } from "node:path";
import { chart } from "./report/chart.ts";
import { readHttp, readOps, readScale } from "./report/results.ts";
import { allocationsTable, httpTable, machineText, opsTable, scaleTables } from "./report/tables.ts";

const page = join(import.meta.dir, "../docs/performance.md");
const [http, ops, scale] = await Promise.all([readHttp(), readOps(), readScale()]);

const parts: Record<string, string> = {
  machine: machineText(http),
  ...Object.fromEntries(http.groups.map((group) => [`http-${group.name}`, httpTable(group)])),
  "ops-memory": opsTable(ops, "memory"),
  "ops-redis": opsTable(ops, "Redis"),
  allocations: allocationsTable(ops),
  ...scaleTables(scale),
};

let text = await Bun.file(page).text();
for (const [name, part] of Object.entries(parts)) {
  const start = `<!-- bench:${name} -->`;
  const end = "<!-- /bench -->";
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`docs/performance.md has no place for ${start} ... ${end}.`);
  text = `${text.slice(0, from + start.length)}\n\n${part}\n\n${text.slice(to)}`;
}
await Bun.write(page, text);
await Bun.write(join(import.meta.dir, "../docs/performance.svg"), chart(http));
// As the check wants it.
Bun.spawnSync([process.execPath, "x", "biome", "format", "--write", "docs/performance.md", "bench/results"], {
  cwd: join(import.meta.dir, ".."),
  stderr: "inherit",
});
