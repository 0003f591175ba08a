import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The top of the repository. */
export const repository = join(import.meta.dir, "../..");

/** What the checks read of a package.json. All of it is optional: that it is there is for them to see. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string | undefined;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>> | undefined;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface Package {
  /** Its folder's name under packages/. */
  readonly folder: string;
  /** Its folder, relative to the root. */
  readonly path: string;
  readonly manifest: Manifest;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** The packages that are published, by name. */
export function readPackages(root: string): Package[] {
  return findFiles(root, "packages/*/package.json").map((file) => {
    const path = dirname(file);
    return { folder: path.slice("packages/".length), path, manifest: readManifest(join(root, path)) };
  });
}

/** The files that match, relative to the root, in a stable order; never what was installed or generated. */
export function findFiles(root: string, pattern: string): string[] {
  const found = [...new Bun.Glob(pattern).scanSync({ cwd: root, dot: false })];
  return found.filter((file) => !/(^|\/)(node_modules|dist)\//.test(file)).sort();
}

/** Whether the file serves only tests: it is not published, and the rules for what is do not hold for it. */
export function isTestFile(file: string): boolean {
  return /\.test(-kit)?\.tsx?$/.test(file);
}
