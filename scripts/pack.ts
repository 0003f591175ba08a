// Packs every package as it would be published, checks what is in the tarballs, and uses them in a project of
// its own, where neither the repository nor a registry can make up for what they lack.
import { join } from "node:path";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { report } from "./lib/violation.ts";
import { install, runKit, runPrograms, runWithBun, typeCheck } from "./pack/consumer.ts";
import { tryFrameworks } from "./pack/frameworks.ts";
import { lintTarball } from "./pack/lint-tarball.ts";
import { packAll } from "./pack/pack-all.ts";
import { runWithNode } from "./pack/run-with-node.ts";
import { checkSize, measureSize } from "./pack/size.ts";
import { checkTarball } from "./pack/tarball.ts";

using folder = temporaryFolder();
try {
  const { packages, tarballs } = await packAll(join(folder.path, "tarballs"));
  report(tarballs.flatMap(checkTarball));
  for (const tarball of tarballs) report(await lintTarball(tarball));
  for (const { path, manifest } of packages) report(checkSize(await measureSize(path, manifest)));
  await install(folder.path, packages, tarballs);
  await runWithBun(folder.path);
  await runKit(folder.path);
  await runPrograms(folder.path, tarballs);
  await typeCheck(folder.path, packages, tarballs);
  await tryFrameworks(packages, tarballs);
  const note = await runWithNode(folder.path, packages);
  if (note !== undefined) console.log(note);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
