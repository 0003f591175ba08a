// Manifests agree with the files and with each other: what `exports` names is there, what is there is named, and
// every package is published on the same terms.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { report, type Violation } from "./lib/violation.ts";
import {
  findFiles,
  isTestFile,
  type Manifest,
  type Package,
  readManifest,
  readPackages,
  repository,
} from "./lib/workspace.ts";

/** Sources serve Bun, and readers; `dist` serves everything else. */
const FILES = ["dist", "src", "!src/**/*.test.ts", "!src/**/*.test-kit.ts"];

export function checkExports(root: string): Violation[] {
  const packages = readPackages(root);
  const workspace = readManifest(root);
  const version = packages[0]?.manifest.version;
  return packages.flatMap((pkg) => [
    ...checkEntries(root, pkg),
    ...checkFields(pkg, { license: workspace.license, engines: workspace.engines, version }),
    ...checkWorkspaceDependencies(packages, pkg),
    ...checkPeers(pkg),
    ...(existsSync(join(root, pkg.path, "README.md"))
      ? []
      : [{ file: `${pkg.path}/README.md`, message: "is missing: the registry shows it" }]),
  ]);
}

/** Each entry is one file in `src`, and each file there is one entry. */
function checkEntries(root: string, { path, manifest }: Package): Violation[] {
  const file = `${path}/package.json`;
  const entries = Object.entries(manifest.exports ?? {});
  const violations: Violation[] = [];
  for (const [subpath, entry] of entries) {
    const name = subpath === "." ? "index" : subpath.slice("./".length);
    const wanted = { bun: `./src/${name}.ts`, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
    // As text, because the first condition that holds wins: their order matters.
    if (JSON.stringify(entry) !== JSON.stringify(wanted)) {
      violations.push({ file, message: `exports["${subpath}"] has to be ${JSON.stringify(wanted)}` });
    } else if (!existsSync(join(root, path, wanted.bun))) {
      violations.push({ file, message: `exports["${subpath}"] names ${wanted.bun}, which is missing` });
    }
  }
  for (const source of findFiles(root, `${path}/src/*.ts`)) {
    const name = source.slice(`${path}/src/`.length, -".ts".length);
    const subpath = name === "index" ? "." : `./${name}`;
    if (isTestFile(source) || manifest.exports?.[subpath] !== undefined) continue;
    violations.push({
      file: source,
      message: `is in no export: add exports["${subpath}"], or move it to src/lib`,
    });
  }
  if (manifest.exports?.["."] === undefined) violations.push({ file, message: 'has no exports["."]' });
  return violations;
}

/** Of a package that works on Node.js too, which scripts/pack then tries. */
const NODE = ">=20";

function checkFields({ folder, path, manifest }: Package, common: Manifest): Violation[] {
  const file = `${path}/package.json`;
  const wanted: Manifest = {
    ...common,
    engines: { ...common.engines, ...(manifest.engines?.node !== undefined && { node: NODE }) },
    name: `@ventostack/${folder}`,
    type: "module",
    sideEffects: false,
    files: FILES,
  };
  const violations: Violation[] = [];
  for (const [field, value] of Object.entries(wanted)) {
    if (value !== undefined && Bun.deepEquals(manifest[field], value)) continue;
    violations.push({ file, message: `"${field}" has to be ${JSON.stringify(value ?? "set")}` });
  }
  if (typeof manifest.description !== "string" || manifest.description === "") {
    violations.push({ file, message: '"description" is missing: say in a line what the package is for' });
  }
  return violations;
}

/** A peer is a framework, which not everyone has; the tests need it. A range, since its version is the application's choice. */
function checkPeers({ path, manifest }: Package): Violation[] {
  const meta = (manifest.peerDependenciesMeta ?? {}) as Record<string, { optional?: boolean }>;
  return Object.entries(manifest.peerDependencies ?? {}).flatMap(([name, range]) => {
    const messages = [
      ...(meta[name]?.optional === true ? [] : [`needs the peer "${name}": make it optional`]),
      ...(range.startsWith(">=")
        ? []
        : [`has to give the peer "${name}" as a range from its oldest version, ">="`]),
      ...(name in (manifest.devDependencies ?? {}) ? [] : [`does not test with its peer "${name}"`]),
    ];
    return messages.map((message) => ({ file: `${path}/package.json`, message }));
  });
}

/** `workspace:*` is published as the exact version that the packages were tested with. */
function checkWorkspaceDependencies(packages: readonly Package[], { path, manifest }: Package): Violation[] {
  const published = packages.map(({ folder }) => `@ventostack/${folder}`);
  const needed = { ...manifest.dependencies, ...manifest.peerDependencies };
  const all = { ...manifest.devDependencies, ...needed };
  const messages = [
    ...published
      .filter((name) => all[name] !== undefined && all[name] !== "workspace:*")
      .map((name) => `"${name}" has to be "workspace:*"`),
    ...Object.entries(needed)
      .filter(([name, range]) => range.startsWith("workspace:") && !published.includes(name))
      .map(([name]) => `needs "${name}", which is not published`),
  ];
  return messages.map((message) => ({ file: `${path}/package.json`, message }));
}

if (import.meta.main) report(checkExports(repository));
