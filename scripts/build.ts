// Makes packages/*/dist, which everything but Bun loads: JavaScript, and declarations for every type checker.
import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, tsc } from "./lib/command.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { readPackages, repository } from "./lib/workspace.ts";

/** One compilation for all packages, since each needs the types of those it imports. */
const config = {
  extends: "../../tsconfig.json",
  compilerOptions: {
    noEmit: false,
    // Below what is in `lib`, so that a syntax that only the newest runtimes know is translated.
    target: "ES2023",
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: "../../packages",
    outDir: "out",
  },
  include: ["../../packages/*/src"],
  exclude: ["../../packages/**/*.test.ts", "../../packages/**/*.test-kit.ts"],
};

/** Builds every package. Throws, with what the compiler says, when one does not compile. */
export async function build(): Promise<void> {
  // Within the repository, where the compiler finds what is installed, and a rename needs no copy.
  const parent = join(repository, ".generated");
  using folder = temporaryFolder({ "tsconfig.json": JSON.stringify(config) }, parent);
  const { ok, output } = await run([...tsc, "-p", folder.path]);
  if (!ok) throw new Error(`The packages do not compile.\n${output}`);
  for (const { folder: name, path } of readPackages(repository)) {
    const built = join(folder.path, "out", name, "src");
    if (!existsSync(built)) throw new Error(`${path}/src has nothing to build.`);
    const dist = join(repository, path, "dist");
    rmSync(dist, { recursive: true, force: true });
    renameSync(built, dist);
    // Registries want it in each package; the repository keeps one.
    cpSync(join(repository, "LICENSE"), join(repository, path, "LICENSE"));
  }
}

if (import.meta.main) await build();
