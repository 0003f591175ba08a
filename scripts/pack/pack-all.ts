import { join } from "node:path";
import { build } from "../build.ts";
import { bun, run } from "../lib/command.ts";
import { type Package, readPackages, repository } from "../lib/workspace.ts";
import { readTarball, type Tarball } from "./tarball.ts";

export interface Packed {
  readonly packages: readonly Package[];
  /** In the order of the packages. */
  readonly tarballs: readonly Tarball[];
}

/** Builds every package, and packs each into the folder as it would be published. */
export async function packAll(destination: string): Promise<Packed> {
  await build();
  const packages = readPackages(repository);
  const tarballs = await Promise.all(packages.map(({ path }) => pack(path, destination)));
  return { packages, tarballs };
}

async function pack(path: string, destination: string): Promise<Tarball> {
  const command = [bun, "pm", "pack", "--quiet", "--ignore-scripts", "--destination", destination];
  const { ok, output } = await run(command, { cwd: join(repository, path) });
  if (!ok) throw new Error(`${path} cannot be packed.\n${output}`);
  return readTarball(output);
}
