// Makes a site of the documentation, in site/dist: `bun run docs:build`, and `bun run docs:build --serve` to look at it.
// What it takes is no part of the workspace, and is installed when it is needed.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bun, run } from "./lib/command.ts";
import { repository } from "./lib/workspace.ts";
import { writeApiReference } from "./site/api-reference.ts";
import { writeSite } from "./site/stage.ts";

const folder = join(repository, "site");
const staged = join(folder, ".generated");
const dist = join(folder, "dist");

async function succeed(what: string, command: readonly string[]): Promise<void> {
  console.log(what);
  const { ok, output } = await run(command, { cwd: folder });
  if (!ok) throw new Error(`${what} failed.\n${output}`);
}

try {
  await succeed("Installing the generators", [bun, "install", "--frozen-lockfile"]);
  const { navigation } = writeSite(repository, staged);
  console.log("Making the API reference of the doc comments");
  navigation.en.push(await writeApiReference(repository, staged));
  writeFileSync(join(staged, ".vitepress/navigation.json"), JSON.stringify(navigation));
  rmSync(dist, { recursive: true, force: true });
  await succeed("Making the pages", [bun, "node_modules/vitepress/bin/vitepress.js", "build", staged]);
  console.log("The site is in site/dist.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

if (process.argv.includes("--serve") && process.exitCode === undefined) {
  const server = Bun.serve({
    port: 0,
    fetch: async ({ url }) => {
      const { pathname } = new URL(url);
      for (const path of [pathname, `${pathname}.html`, `${pathname}/index.html`, "/404.html"]) {
        const file = Bun.file(join(dist, path));
        if (await file.exists()) return new Response(file);
      }
      return new Response(null, { status: 404 });
    },
  });
  console.log(`It is served on ${server.url}`);
}
