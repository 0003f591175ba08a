import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bun, run, tsc } from "../lib/command.ts";
import { type Package, repository } from "../lib/workspace.ts";
import type { Tarball } from "./tarball.ts";
import { locate, vendor } from "./vendor.ts";

/** A program that needs `createSessionManager` and `createMemorySessionStore`. */
export const ROUND_TRIP = `
const session = createSessionManager(createMemorySessionStore());
const { id } = await session.create({ userId: "1" });
if ((await session.get(id))?.data.userId !== "1") throw new Error("The session is not there.");
await session.destroy(id);
if ((await session.get(id)) !== null) throw new Error("The session is still there.");
`;

/**
 * Installs the tarballs together in an empty project, as if they came from a registry, or those of the names with what they
 * need. Asks no registry for anything.
 */
export async function install(
  folder: string,
  packages: readonly Package[],
  tarballs: readonly Tarball[],
  names?: readonly string[],
): Promise<void> {
  const published = Object.fromEntries(tarballs.map(({ manifest, path }) => [manifest.name, `file:${path}`]));
  const overrides = { ...published };
  for (const { path, manifest } of packages) {
    const names = Object.keys(manifest.dependencies ?? {}).filter((name) => published[name] === undefined);
    const copies = vendor(join(repository, path), names, join(folder, "vendor"));
    for (const [name, copy] of copies) overrides[name] = `file:${copy}`;
  }
  const wanted = Object.entries(published).filter(([name]) => names?.includes(name) ?? true);
  const dependencies = Object.fromEntries(wanted);
  const project = { name: "consumer", private: true, type: "module", dependencies, overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(project, null, 2));
  const command = [bun, "install", "--offline", "--linker=isolated", "--cache-dir", join(folder, "cache")];
  await succeed("The tarballs cannot be installed.", command, folder);
}

/** With Bun, which loads the sources. */
export async function runWithBun(folder: string): Promise<void> {
  const imports = 'import { createMemorySessionStore, createSessionManager } from "@ventostack/auth";';
  writeFileSync(join(folder, "use.ts"), imports + ROUND_TRIP);
  await succeed("A program cannot use @ventostack/auth with Bun.", [bun, "--no-install", "use.ts"], folder);
}

/** As an author of a store would, in a project that has nothing else. */
export async function runKit(folder: string): Promise<void> {
  const file = `import { createMemorySessionStore } from "@ventostack/store-memory";
import { describeSessionStore } from "@ventostack/store-testkit";
describeSessionStore("a store", ({ clock }) => createMemorySessionStore({ clock }), { time: "given" });
`;
  writeFileSync(join(folder, "store.test.ts"), file);
  await succeed("A project cannot try a store with the kit.", [bun, "test", "store.test.ts"], folder);
}

/** The program that a package brings is started by the package's name, and says its version. */
export async function runPrograms(folder: string, tarballs: readonly Tarball[]): Promise<void> {
  for (const { manifest } of tarballs) {
    const { name = "", version, bin } = manifest;
    if (bin === undefined) continue;
    // By this Bun, wherever it is: the program's first line looks for one on the path.
    const { ok, output } = await run([bun, "x", "--bun", "--no-install", name, "--version"], { cwd: folder });
    if (!ok || output !== version) throw new Error(`The program of ${name} does not start.\n${output}`);
  }
}

/** As strict as a project of one's own can be, without our conditions. */
export const strictest = {
  target: "ESNext",
  lib: ["ESNext"],
  module: "NodeNext",
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  typeRoots: [join(repository, "node_modules")],
  types: ["bun-types"],
};

/** With the compiler, as strict as it can be and without our conditions: it reads dist's declarations. */
export async function typeCheck(
  folder: string,
  packages: readonly Package[],
  tarballs: readonly Tarball[],
): Promise<void> {
  linkPeers(folder, packages);
  const entries = tarballs.flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {}).map((subpath) => `${manifest.name}${subpath.slice(1)}`),
  );
  const imports = entries.map((entry, index) => `import * as entry${index} from "${entry}";`);
  const names = entries.map((_, index) => `entry${index}`);
  writeFileSync(
    join(folder, "entries.ts"),
    `${imports.join("\n")}\nexport const all = [${names.join(", ")}];\n`,
  );
  const config = {
    compilerOptions: strictest,
    files: ["entries.ts", "use.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config, null, 2));
  const { ok, output } = await run([...tsc, "-p", "."], { cwd: folder });
  const errors = output.split("\n").filter((line) => line.includes("error TS"));
  const ours = errors.filter((line) => !isTheirs(line));
  if (ours.length > 0) throw new Error(`A strict program does not compile.\n${ours.join("\n")}`);
  if (!ok && errors.length === 0) throw new Error(`The compiler failed.\n${output}`);
}

/** What other packages' declarations do not get right is theirs to mend. */
export function isTheirs(error: string): boolean {
  const [place = ""] = error.split("error TS");
  return place.includes("node_modules/") && !place.includes("/@ventostack/");
}

/** The optional peers whose types some declarations mention, as a project that uses them would have them. */
function linkPeers(folder: string, packages: readonly Package[]): void {
  for (const { path, manifest } of packages) {
    for (const name of Object.keys(manifest.peerDependencies ?? {})) linkPackage(folder, name, path);
  }
}

/** The workspace's own copy of what the package at `path` has installed, where the project has none. */
export function linkPackage(folder: string, name: string, path: string): void {
  const target = locate(name, join(repository, path));
  const link = join(folder, "node_modules", name);
  if (target === undefined || locate(name, folder) !== undefined) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, link, "dir");
}

/** Runs the command, and throws the complaint with what it printed where it fails. */
export async function succeed(complaint: string, command: readonly string[], cwd: string): Promise<void> {
  const { ok, output } = await run(command, { cwd });
  if (!ok) throw new Error(`${complaint}\n${output}`);
}
