// Dependencies point one way, and what is private stays private. Prints each import or file that breaks a rule.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Import, packageOf, scanImports } from "./lib/imports.ts";
import { report, type Violation } from "./lib/violation.ts";
import { findFiles, isTestFile, type Package, readPackages, repository } from "./lib/workspace.ts";

/** What each package may import of the others. `types`: only with `import type`, so that nothing of it is loaded. */
const allowed: readonly { readonly packages: RegExp; readonly may: RegExp; readonly types?: boolean }[] = [
  { packages: /^(auth-core|router)$/, may: /^$/ },
  { packages: /^store-/, may: /^auth-core$/, types: true },
  { packages: /^middleware-cookie$/, may: /^auth-core$/ },
  { packages: /^cache$/, may: /^store-redis$/ },
  { packages: /^cli$/, may: /^(auth|auth-core|store-.*)$/ },
  { packages: /^auth$/, may: /^(auth-core|middleware-cookie|store-.*|cache)$/ },
];

/** A longer file holds more than the one concept that it is named for. */
const MAX_LINES = 300;

const RE_EXPORT = /^export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+"[^"]+";/gm;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

export function checkBoundaries(root: string): Violation[] {
  const packages = readPackages(root);
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  return [
    ...packages.flatMap((pkg) =>
      findFiles(root, `${pkg.path}/**/*.{ts,tsx}`).flatMap((file) => {
        const source = read(file);
        const imports = scanImports(source);
        return [
          ...imports.flatMap((found) => checkRelative(pkg, file, found)),
          ...(isTestFile(file) ? [] : checkPublished(packages, pkg, file, source, imports)),
        ];
      }),
    ),
    ...findFiles(root, "{examples,docs,bench,testing,scripts}/**/*.{ts,tsx}").flatMap((file) =>
      scanImports(read(file)).flatMap((found) => checkConsumer(packages, file, found)),
    ),
  ];
}

/** Tests keep to these as well, but may import the index: nothing imports a test, so that makes no circle. */
function checkRelative(pkg: Package, file: string, { specifier, line }: Import): Violation[] {
  if (!specifier.startsWith(".")) return [];
  const target = join(dirname(file), specifier);
  if (!target.startsWith(`${pkg.path}/`)) {
    return [{ file, line, message: `leaves its package with ${specifier}: import the package by its name` }];
  }
  if (!isTestFile(file) && specifier.startsWith("..") && dirname(target) === `${pkg.path}/src`) {
    return [{ file, line, message: `imports upward from ${specifier}: import the file in src/lib` }];
  }
  return [];
}

function checkPublished(
  packages: readonly Package[],
  pkg: Package,
  file: string,
  source: string,
  imports: readonly Import[],
): Violation[] {
  const violations = imports.flatMap((found) => [
    ...checkTestOnly(file, found),
    ...checkWorkspaceImport(packages, pkg, file, found),
    ...checkDeclared(pkg, file, found),
  ]);
  const lines = source.trimEnd().split("\n").length;
  if (dirname(file) === `${pkg.path}/src`) {
    const rest = source.replace(COMMENT, "").replace(RE_EXPORT, "").trim();
    if (rest !== "") {
      const message = `holds more than re-exports ("${rest.split("\n")[0]}"): move it to src/lib`;
      violations.push({ file, message });
    }
  } else if (lines > MAX_LINES) {
    violations.push({ file, message: `has ${lines} lines, of at most ${MAX_LINES}: split it by concept` });
  }
  return violations;
}

function checkTestOnly(file: string, { specifier, line }: Import): Violation[] {
  if (!specifier.startsWith(".") || !isTestFile(specifier)) return [];
  return [
    { file, line, message: `imports ${specifier}, which is not published: move what it needs out of it` },
  ];
}

function checkWorkspaceImport(
  packages: readonly Package[],
  pkg: Package,
  file: string,
  { specifier, line, typeOnly }: Import,
): Violation[] {
  const target = packages.find(({ manifest }) => manifest.name === packageOf(specifier));
  if (target === undefined) return [];
  if (target === pkg) {
    return [{ file, line, message: "imports its own package: import the file by its relative path" }];
  }
  const rule = allowed.find(({ packages: names }) => names.test(pkg.folder));
  if (rule === undefined) {
    return [
      {
        file,
        line,
        message: `is in a package without a rule: add one for ${pkg.folder} to scripts/boundaries.ts`,
      },
    ];
  }
  if (!rule.may.test(target.folder)) {
    return [
      {
        file,
        line,
        message: `imports ${specifier}, which ${pkg.folder} may not: dependencies point one way`,
      },
    ];
  }
  if (rule.types && !typeOnly) {
    return [
      { file, line, message: `loads ${specifier}: use "import type", which is all that ${pkg.folder} may` },
    ];
  }
  return [];
}

function checkDeclared(pkg: Package, file: string, { specifier, line }: Import): Violation[] {
  const name = packageOf(specifier);
  if (name === undefined || name === pkg.manifest.name) return [];
  if (isOptional(pkg, name) && !file.startsWith(`${pkg.path}/src/lib/${name}/`)) {
    const message = `imports ${name}, an optional peer, which ${pkg.path}/src/lib/${name} alone may`;
    return [{ file, line, message }];
  }
  if (name in { ...pkg.manifest.dependencies, ...pkg.manifest.peerDependencies }) return [];
  return [{ file, line, message: `imports ${name}: add it to the dependencies in ${pkg.path}/package.json` }];
}

/** Whoever does not use the framework does not have it. */
function isOptional({ manifest }: Package, name: string): boolean {
  const { [name]: peer } = (manifest.peerDependenciesMeta ?? {}) as Record<string, { optional?: boolean }>;
  return peer?.optional === true;
}

/** Examples, documentation, benchmarks and scripts use the packages as anyone does. */
function checkConsumer(packages: readonly Package[], file: string, { specifier, line }: Import): Violation[] {
  const target = specifier.startsWith(".") ? join(dirname(file), specifier) : specifier;
  const isPrivate = packages.some(({ path, manifest }) =>
    [`${path}/src/lib/`, `${manifest.name}/src/`].some((start) => target.startsWith(start)),
  );
  if (!isPrivate) return [];
  return [
    { file, line, message: `reaches into a package with ${specifier}: import what the package exports` },
  ];
}

if (import.meta.main) report(checkBoundaries(repository));
