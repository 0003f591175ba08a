import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bun, run } from "../lib/command.ts";
import { findFiles, readPackages } from "../lib/workspace.ts";
import { inOrder } from "../release/in-order.ts";
import type { NavigationGroup } from "./navigation.ts";

/** Makes a page for each entry of each package of what its doc comments say, below `api` in the folder. */
export async function writeApiReference(root: string, folder: string): Promise<NavigationGroup> {
  const entries = join(folder, ".entries");
  mkdirSync(entries, { recursive: true });
  const files: string[] = [];
  // What several packages export is described by the first, and the others refer to it.
  for (const { path, manifest } of inOrder(readPackages(root))) {
    for (const [subpath, entry] of Object.entries(manifest.exports ?? {})) {
      const name = `${manifest.name}${subpath.slice(1)}`;
      const source = join(root, path, (entry as { bun: string }).bun);
      const text = `/** @module ${name} */\nexport * from ${JSON.stringify(source)};\n`;
      const file = join(entries, `${name.replaceAll("/", "_")}.ts`);
      writeFileSync(file, text);
      files.push(file);
    }
  }
  writeFileSync(
    join(entries, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: { typeRoots: [join(root, "node_modules")] },
      include: ["*.ts"],
      exclude: [],
    }),
  );
  const { ok, output } = await run(
    [
      ...[
        bun,
        join(root, "site/node_modules/typedoc/bin/typedoc"),
        "--options",
        join(root, "site/typedoc.json"),
      ],
      ...["--tsconfig", join(entries, "tsconfig.json"), ...files.flatMap((file) => ["--entryPoints", file])],
      ...["--out", join(folder, "api")],
    ],
    { cwd: join(root, "site") },
  );
  if (!ok) throw new Error(`The API reference cannot be made.\n${output}`);
  const items = findFiles(folder, "api/**/*.md")
    .filter((file) => file !== "api/index.md")
    .map((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return { text: /^# (.*)$/m.exec(text)?.[1] ?? file, link: `/${file.replace(/\.md$/, "")}` };
    });
  return { text: "API", items, collapsed: true };
}
