// Prints what each package by itself adds to a program, and the limit that scripts/pack.ts holds it to.
import { build } from "./build.ts";
import { readPackages, repository } from "./lib/workspace.ts";
import { limitOf, measureSize } from "./pack/size.ts";

await build();
const packages = readPackages(repository);
const sizes = await Promise.all(packages.map(({ path, manifest }) => measureSize(path, manifest)));
console.table(
  sizes.map(({ name, minified, gzipped }) => ({
    package: name,
    "minified, bytes": minified,
    "and gzipped": gzipped,
    limit: limitOf(name),
  })),
);
