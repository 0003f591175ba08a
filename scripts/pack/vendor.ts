import { cpSync, existsSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Manifest, readManifest } from "../lib/workspace.ts";

/**
 * Copies what the package in `from` needs at run time, and what that needs in turn, from where it is installed to
 * folders that can be installed without a registry. Returns them by package name.
 */
export function vendor(from: string, names: readonly string[], to: string): Map<string, string> {
  const copies = new Map<string, string>();
  function copy(folder: string, name: string): void {
    if (copies.has(name)) return;
    const target = join(to, name);
    copies.set(name, target);
    const manifest = readManifest(folder);
    const needed: Record<string, string> = {};
    for (const dependency of Object.keys(runtimeDependencies(manifest))) {
      const found = locate(dependency, folder);
      if (found === undefined) continue;
      needed[dependency] = "*";
      copy(found, dependency);
    }
    cpSync(folder, target, { recursive: true });
    const {
      devDependencies,
      peerDependencies,
      peerDependenciesMeta,
      optionalDependencies,
      scripts,
      ...rest
    } = manifest;
    writeFileSync(join(target, "package.json"), JSON.stringify({ ...rest, dependencies: needed }));
  }
  for (const name of names) {
    const folder = locate(name, from);
    if (folder === undefined) throw new Error(`${name} is not installed for ${from}.`);
    copy(folder, name);
  }
  return copies;
}

/** The folder that an import of the package would find, its links followed. */
export function locate(name: string, from: string): string | undefined {
  const folder = join(from, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return realpathSync(folder);
  return from === dirname(from) ? undefined : locate(name, dirname(from));
}

function runtimeDependencies(manifest: Manifest): Record<string, string> {
  return { ...manifest.peerDependencies, ...manifest.optionalDependencies, ...manifest.dependencies };
}
