import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Violation } from "../lib/violation.ts";
import { findFiles, isTestFile } from "../lib/workspace.ts";
import type { Page } from "./page.ts";

const PAGE = "docs/troubleshooting.md";
/** What is thrown. */
const THROWN = [/\bSessionError\(\s*"([A-Z_]+)"/g, /\bcode: "([A-Z_]+)"/g];
/** The list of which the type of the codes is made. */
const LIST = "packages/auth-core/src/lib/session-error.ts";
const LISTED = /^ {2}"([A-Z_]+)",$/gm;

/** Each code of an error in the packages has a heading of its own on the page, and each such heading is a code. */
export function checkErrorCodes(root: string, pages: readonly Page[]): Violation[] {
  const page = pages.find(({ file }) => file === PAGE);
  if (page === undefined) return [];
  const codes = new Map<string, string>();
  for (const file of findFiles(root, "packages/*/src/**/*.ts").filter((name) => !isTestFile(name))) {
    const source = readFileSync(join(root, file), "utf8");
    for (const pattern of file === LIST ? [...THROWN, LISTED] : THROWN) {
      for (const [, code = ""] of source.matchAll(pattern)) codes.set(code, file);
    }
  }
  const headings = new Map<string, number>();
  for (const [index, text] of page.prose.entries()) {
    const [, code] = /^#+ `?([A-Z]+(?:_[A-Z]+)+|[A-Z]{5,})`?$/.exec(text) ?? [];
    if (code !== undefined) headings.set(code, index + 1);
  }
  return [
    ...[...codes]
      .filter(([code]) => !headings.has(code))
      .map(([code, file]) => ({ file: PAGE, message: `lacks a heading for ${code}, which ${file} has` })),
    ...[...headings]
      .filter(([code]) => !codes.has(code))
      .map(([code, line]) => ({ file: PAGE, line, message: `explains ${code}, which no package has` })),
  ];
}
