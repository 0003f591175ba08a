// The documentation holds true: its code compiles and does what it says, its links lead somewhere, each page is in the
// contents and each error code on its page, and the translation shows the same code. How a code block asks to be run, or continued, is in docs/snippet.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkContents } from "./docs/contents.ts";
import { checkErrorCodes } from "./docs/error-codes.ts";
import { checkLinks } from "./docs/links.ts";
import { type Page, parsePage } from "./docs/page.ts";
import { readSnippets } from "./docs/snippet.ts";
import { checkTranslations } from "./docs/translations.ts";
import { trySnippets } from "./docs/try-snippets.ts";
import { report, type Violation } from "./lib/violation.ts";
import { findFiles, readManifest, readPackages, repository } from "./lib/workspace.ts";

const PAGES = [
  "*.md",
  "docs/**/*.md",
  "bench/*.md",
  "packages/*/README.md",
  "examples/*/README.md",
  "site/*.md",
];

export async function checkDocumentation(root: string): Promise<Violation[]> {
  const files = PAGES.flatMap((pattern) => findFiles(root, pattern));
  const pages = files.map((file) => parsePage(file, readFileSync(join(root, file), "utf8")));
  const read = pages.map((page) => readSnippets(root, page));
  const setups = new Set(read.flatMap((page) => [...page.setups]));
  return [
    ...pages.flatMap(checkFences),
    ...read.flatMap(({ violations }) => violations),
    ...checkSetups(root, setups),
    ...checkDependencies(root),
    ...checkTranslations(pages),
    ...checkContents(pages),
    ...checkErrorCodes(root, pages),
    ...checkLinks(root, pages),
    ...(await trySnippets(
      root,
      read.flatMap(({ snippets }) => snippets),
    )),
  ];
}

function checkFences({ file, openFence }: Page): Violation[] {
  return openFence === undefined
    ? []
    : [{ file, line: openFence, message: "opens a code block that nothing closes" }];
}

function checkSetups(root: string, used: ReadonlySet<string>): Violation[] {
  return findFiles(root, "docs/setups/*.ts")
    .filter((file) => !used.has(file))
    .map((file) => ({ file, message: "is used by no page: remove it" }));
}

/** The snippets find the packages through docs/package.json. */
function checkDependencies(root: string): Violation[] {
  const { dependencies = {} } = readManifest(join(root, "docs"));
  return readPackages(root)
    .map(({ manifest }) => manifest.name ?? "")
    .filter((name) => dependencies[name] === undefined)
    .map((name) => ({
      file: "docs/package.json",
      message: `lacks "${name}": "workspace:*" in its dependencies`,
    }));
}

if (import.meta.main) report(await checkDocumentation(repository));
