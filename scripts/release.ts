// Publishes every package whose version is not on the registry yet, each after those it depends on. With --dry-run it
// does all but that, and asks the registry nothing: it builds, packs, looks at the tarballs, and says what would be
// published. What is published are the very tarballs that were looked at.
import { statSync } from "node:fs";
import { join } from "node:path";
import { bun, run } from "./lib/command.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { formatViolation } from "./lib/violation.ts";
import { lintTarball } from "./pack/lint-tarball.ts";
import { packAll } from "./pack/pack-all.ts";
import { measureSize } from "./pack/size.ts";
import { checkTarball, type Tarball } from "./pack/tarball.ts";
import { inOrder } from "./release/in-order.ts";

const isDry = process.argv.includes("--dry-run");

async function succeed(command: readonly string[]): Promise<string> {
  const { ok, output } = await run(command);
  if (!ok) throw new Error(`${command.join(" ")} failed.\n${output}`);
  return output;
}

async function isPublished({ manifest: { name, version } }: Tarball): Promise<boolean> {
  const { ok, output } = await run([bun, "pm", "view", `${name}@${version}`, "version"]);
  if (ok) return output.includes(version ?? "");
  if (/404|not found|no matching version/i.test(output)) return false;
  throw new Error(`The registry does not say whether ${name}@${version} is there.\n${output}`);
}

using folder = temporaryFolder();
try {
  if (!isDry && (await succeed(["git", "status", "--porcelain"])) !== "") {
    throw new Error("Commit first: what is published has to be what is in the repository.");
  }
  const { packages, tarballs } = await packAll(join(folder.path, "tarballs"));
  const lint = await Promise.all(tarballs.map(lintTarball));
  const violations = [...tarballs.flatMap(checkTarball), ...lint.flat()];
  if (violations.length > 0) throw new Error(violations.map(formatViolation).join("\n"));
  const sizes = await Promise.all(packages.map(({ path, manifest }) => measureSize(path, manifest)));

  const rows = [];
  for (const tarball of inOrder(tarballs)) {
    const { name = "", version } = tarball.manifest;
    const size = sizes.find((one) => one.name === name);
    const isThere = !isDry && (await isPublished(tarball));
    if (!isDry && !isThere) await succeed([bun, "publish", tarball.path, "--access", "public"]);
    rows.push({
      package: `${name}@${version}`,
      files: tarball.files.size,
      "tarball, bytes": statSync(tarball.path).size,
      "minified, bytes": size?.minified,
      "and gzipped": size?.gzipped,
      state: isDry ? "would be published" : isThere ? "was there" : "published",
    });
  }
  console.table(rows);
  console.log(isDry ? "Nothing was published, and no registry was asked." : "Done.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
