import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** The packages, their tests and what those need, to be broken without harm. Removed at the end of its block. */
export interface TreeCopy extends Disposable {
  readonly path: string;
  /** Does the work with another text in place of the file's own. */
  with<Result>(file: string, text: string, work: () => Promise<Result>): Promise<Result>;
}

/** Milliseconds for one test. */
const TEST_LIMIT = 20_000;

const PARTS = [
  "packages",
  "testing",
  "scripts/test-setup.ts",
  "package.json",
  "bunfig.toml",
  "tsconfig.json",
];

export function copyTree(root: string): TreeCopy {
  const folder = temporaryFolder();
  for (const part of PARTS) {
    cpSync(join(root, part), join(folder.path, part), {
      recursive: true,
      // The links to the other packages are relative: in the copy they lead to the copy's.
      verbatimSymlinks: true,
      filter: (from) => basename(from) !== "dist",
    });
  }
  symlinkSync(join(root, "node_modules"), join(folder.path, "node_modules"));
  // Broken code may hang: here that is found out sooner.
  writeFileSync(
    join(folder.path, "scripts/test-setup.ts"),
    `import { setDefaultTimeout } from "bun:test";\nsetDefaultTimeout(${TEST_LIMIT});\n`,
  );
  return {
    path: folder.path,
    async with(file, text, work) {
      const path = join(folder.path, file);
      const before = readFileSync(path, "utf8");
      writeFileSync(path, text);
      try {
        return await work();
      } finally {
        writeFileSync(path, before);
      }
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
