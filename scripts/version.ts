// Makes a version of the changes that are noted in .changeset: in every package, since all have the same one, and in
// CHANGELOG.md. What it writes is for reading and committing.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bun, run } from "./lib/command.ts";
import { findFiles, readPackages, repository } from "./lib/workspace.ts";
import { type Change, readChange, withVersion } from "./release/changelog.ts";

async function succeed(command: readonly string[]): Promise<void> {
  const { ok, output } = await run(command);
  if (!ok) throw new Error(`${command.join(" ")} failed.\n${output}`);
}

const changes: Change[] = [];
for (const file of findFiles(repository, ".changeset/*.md")) {
  changes.push(readChange(file, readFileSync(join(repository, file), "utf8")));
}
if (changes.length === 0) {
  console.log("No change is noted in .changeset: `bun run change` notes one.");
} else {
  await succeed([bun, "node_modules/@changesets/cli/bin.js", "version"]);
  // The lock file names the versions, and CI installs by it.
  await succeed([bun, "install", "--lockfile-only"]);
  const [first] = readPackages(repository);
  const version = first?.manifest.version ?? "";
  const file = join(repository, "CHANGELOG.md");
  writeFileSync(file, withVersion(readFileSync(file, "utf8"), version, new Date(), changes));
  console.log(`Version ${version}: read CHANGELOG.md, then commit.`);
}
