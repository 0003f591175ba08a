// Every row of docs/security.md has a test whose name begins with its tag, and every tag in a test's name has its row.
// Prints which test shows which row.
import { readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { report, type Violation } from "./lib/violation.ts";
import { findFiles, isTestFile, repository } from "./lib/workspace.ts";

const PAGE = "docs/security.md";

export interface Row {
  readonly tag: string;
  readonly line: number;
  /** The test files that the row links to, relative to the root. */
  readonly files: readonly string[];
}

export interface TaggedTest {
  readonly tag: string;
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

const ROW = /^\|\s*((?:SEC|HOLE)-\d\d)\s*\|/;
const LINK = /\]\(([^)#]+)\)/g;
/** A text that begins with tags: the name of a test, of a group of them, or of a case in a table. */
const NAME = /(["'`])((?:\[(?:SEC|HOLE)-\d\d\] )+)((?:(?!\1).)*)/g;

export function readRows(page: string): Row[] {
  return page.split("\n").flatMap((text, index) => {
    const tag = ROW.exec(text)?.[1];
    if (tag === undefined) return [];
    const links = [...text.matchAll(LINK)].flatMap(([, target]) => target ?? []);
    const files = links.filter(isTestFile).map((target) => normalize(join("docs", target)));
    return [{ tag, line: index + 1, files }];
  });
}

export function readTests(file: string, source: string): TaggedTest[] {
  return source.split("\n").flatMap((text, index) =>
    [...text.matchAll(NAME)].flatMap(([, , tags = "", name = ""]) =>
      tags
        .trim()
        .split(" ")
        .map((tag) => ({ tag: tag.slice(1, -1), file, line: index + 1, name })),
    ),
  );
}

export function findGaps(rows: readonly Row[], tests: readonly TaggedTest[]): Violation[] {
  const seen = new Set<string>();
  return [
    ...rows.flatMap(({ tag, line, files }) => {
      const own = tests.filter((test) => test.tag === tag);
      const at = { file: PAGE, line };
      const repeated = seen.has(tag) ? [{ ...at, message: `has a second row ${tag}` }] : [];
      seen.add(tag);
      return [
        ...repeated,
        ...(own.length === 0
          ? [{ ...at, message: `has a row ${tag}, which no test's name begins with` }]
          : []),
        ...files
          .filter((file) => !own.some((test) => test.file === file))
          .map((file) => ({ ...at, message: `names ${file} for ${tag}, which has no test of that tag` })),
        ...[...new Set(own.map(({ file }) => file))]
          .filter((file) => !files.includes(file))
          .map((file) => ({
            ...at,
            message: `does not name ${file} for ${tag}, which has a test of that tag`,
          })),
      ];
    }),
    ...tests
      .filter(({ tag }) => !rows.some((row) => row.tag === tag))
      .map(({ tag, file, line }) => ({
        file,
        line,
        message: `has the tag ${tag}, which is no row of ${PAGE}`,
      })),
  ];
}

if (import.meta.main) {
  const read = (file: string): string => readFileSync(join(repository, file), "utf8");
  const files = findFiles(repository, "{packages,examples}/**/*.ts").filter(isTestFile);
  const rows = readRows(read(PAGE));
  const tests = files.flatMap((file) => readTests(file, read(file)));
  for (const { tag } of rows) {
    console.log(tag);
    for (const test of tests) if (test.tag === tag) console.log(`  ${test.file}:${test.line} ${test.name}`);
  }
  report(findGaps(rows, tests));
}
