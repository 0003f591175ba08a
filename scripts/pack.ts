// Packs every package as it would be published, checks what is in the tarballs, and uses them in a project of
// its own, where neither the repository nor a registry can make up for what they lack.
import { join } from "node:path";
import { build } from "./build.ts";
import { bun, run } from "./lib/command.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { report } from "./lib/violation.ts";
import { readPackages, repository } from "./lib/workspace.ts";
import { install, runWithBun, runWithNode, typeCheck } from "./pack/consumer.ts";
import { checkTarball, readTarball, type Tarball } from "./pack/tarball.ts";

async function pack(path: string, destination: string): Promise<Tarball> {
  const command = [bun, "pm", "pack", "--quiet", "--ignore-scripts", "--destination", destination];
  const { ok, output } = await run(command, { cwd: join(repository, path) });
  if (!ok) throw new Error(`${path} cannot be packed.\n${output}`);
  return readTarball(output);
}

using folder = temporaryFolder();
try {
  await build();
  const packages = readPackages(repository);
  const tarballs = await Promise.all(packages.map(({ path }) => pack(path, join(folder.path, "tarballs"))));
  report(tarballs.flatMap(checkTarball));
  await install(folder.path, packages, tarballs);
  await runWithBun(folder.path);
  await typeCheck(folder.path, packages, tarballs);
  const note = await runWithNode(folder.path);
  if (note !== undefined) console.log(note);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
