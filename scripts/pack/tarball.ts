import { homedir } from "node:os";
import type { Violation } from "../lib/violation.ts";
import { isTestFile, type Manifest, repository } from "../lib/workspace.ts";

export interface Tarball {
  readonly path: string;
  readonly manifest: Manifest;
  /** Their text, by their path in the package. */
  readonly files: ReadonlyMap<string, string>;
}

export async function readTarball(path: string): Promise<Tarball> {
  const archive = new Bun.Archive(await Bun.file(path).bytes());
  const files = new Map<string, string>();
  for (const [name, file] of await archive.files())
    files.set(name.replace(/^package\//, ""), await file.text());
  return { path, manifest: JSON.parse(files.get("package.json") ?? "{}") as Manifest, files };
}

/** What must not be published, and what must. */
export function checkTarball({ manifest, files }: Omit<Tarball, "path">): Violation[] {
  const wanted = ["README.md", "LICENSE", ...exportedFiles(manifest)];
  const missing = wanted.filter((name) => !files.has(name));
  const complaints = [
    ...missing.map((name) => `lacks ${name}`),
    ...[...files.keys()].filter(isTestFile).map((name) => `contains the test ${name}: see "files"`),
    ...Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter(([, range]) => /^(workspace|catalog|file|link):/.test(range))
      .map(([name, range]) => `depends on ${name} "${range}", which only this repository can resolve`),
    ...[...files]
      .filter(([, text]) => [repository, `${homedir()}/`].some((path) => text.includes(path)))
      .map(([name]) => `names a path of this machine in ${name}`),
  ];
  return complaints.map((message) => ({ file: `The tarball of ${manifest.name}`, message }));
}

function exportedFiles(manifest: Manifest): string[] {
  return Object.values(manifest.exports ?? {})
    .flatMap((entry) => Object.values(entry as Record<string, string>))
    .concat(Object.values(manifest.bin ?? {}))
    .map((file) => file.replace("./", ""));
}
