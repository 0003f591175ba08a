import { readdirSync } from "node:fs";
import { join } from "node:path";
import { quantile } from "../lib/statistics.ts";

const packages = join(import.meta.dir, "../../packages");

/** What a package weighs once it is bundled with what it imports of this project, others' packages left out. */
export async function bundleSizes(): Promise<object[]> {
  const results: object[] = [];
  for (const folder of readdirSync(packages).sort()) {
    const entry = join(packages, folder, "src/index.ts");
    if (!(await Bun.file(entry).exists())) continue;
    const { outputs } = await Bun.build({
      entrypoints: [entry],
      target: "bun",
      minify: true,
      external: ["redis", "bun:test", "hono", "elysia", "express", "fastify"],
      throw: true,
    });
    const code = new Uint8Array((await outputs[0]?.arrayBuffer()) ?? new ArrayBuffer(0));
    results.push({ package: folder, minified: code.length, gzipped: Bun.gzipSync(code).length });
  }
  return results;
}

/** Milliseconds from the start of a process to its end: with nothing in it, and with one import. */
export function importTimes(): object {
  const run = (code: string): number => {
    const begun = performance.now();
    const { exitCode } = Bun.spawnSync([process.execPath, "--eval", code], { cwd: packages });
    if (exitCode !== 0) throw new Error(`It does not run: ${code}`);
    return performance.now() - begun;
  };
  const programs = {
    nothing: "0",
    auth: `await import(${JSON.stringify(join(packages, "auth/src/index.ts"))})`,
    router: `await import(${JSON.stringify(join(packages, "router/src/index.ts"))})`,
  };
  const times = new Map<string, number[]>(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < 11; round++) {
    for (const [name, code] of Object.entries(programs)) times.get(name)?.push(run(code));
  }
  return Object.fromEntries(
    [...times].map(([name, each]) => [name, Number(quantile(each, 0.5).toPrecision(3))]),
  );
}
