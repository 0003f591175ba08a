// The guarantees, where they are written down, where they are tested, and whether those tests would notice: every
// number in code and tests is on the page, each has tests there that cite it, and code that breaks it makes one fail.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { proveMutations } from "./lib/mutation-proof.ts";
import { report, type Violation } from "./lib/violation.ts";
import { findFiles, repository } from "./lib/workspace.ts";
import { GUARANTEES, mutations } from "./mutations/index.ts";

export const PAGE = "docs/guarantees.md";

const CODE = "{packages,examples,testing,bench,scripts,docs}/**/*.{ts,tsx,md}";
/** As it is cited: `G5`, `[G5]`, `(G1, G2)`. */
const NUMBER = /\bG(\d{1,2})\b/g;
const HEADING = /^## (G\d+)\b.*$/gm;
const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;

/** The page's sections, by the number in their heading. */
function sectionsOf(page: string): Map<string, string> {
  const headings = [...page.matchAll(HEADING)];
  return new Map(
    headings.map(({ 1: number = "", index }) => {
      const end = page.indexOf("\n## ", index);
      return [number, page.slice(index, end === -1 ? undefined : end)];
    }),
  );
}

/** What the page and the rest of the repository do not agree on. */
export function checkPage(root: string, expected: readonly string[] = GUARANTEES): Violation[] {
  const violations: Violation[] = [];
  const page = existsSync(join(root, PAGE)) ? readFileSync(join(root, PAGE), "utf8") : "";
  const sections = sectionsOf(page);
  for (const number of expected) {
    const section = sections.get(number);
    if (section === undefined) {
      violations.push({ file: PAGE, message: `has no section "## ${number} ...": write it` });
      continue;
    }
    const tests = testsLinkedFrom(section);
    const citing = tests.filter((file) => existsSync(join(root, file)) && cites(root, file, number));
    if (citing.length === 0) {
      const message = `links, under ${number}, to no test that has ${number} in its text: link the ones that show it`;
      violations.push({ file: PAGE, message });
    }
    // A test that is named for the guarantee belongs on the page.
    for (const file of findFiles(root, `packages/*/src/**/${number.toLowerCase()}-*.test.ts`)) {
      if (!tests.includes(file))
        violations.push({ file: PAGE, message: `does not link ${file} under ${number}` });
    }
  }
  for (const file of findFiles(root, CODE)) {
    for (const [line, text] of readFileSync(join(root, file), "utf8").split("\n").entries()) {
      for (const [number] of text.matchAll(NUMBER)) {
        if (sections.has(number)) continue;
        violations.push({
          file,
          line: line + 1,
          message: `speaks of ${number}, which ${PAGE} has no section about`,
        });
      }
    }
  }
  return violations;
}

/** Relative to the repository; the page is in docs/. */
function testsLinkedFrom(section: string): string[] {
  return [...section.matchAll(LINK)]
    .map(({ 1: target = "" }) => join("docs", target))
    .filter((file) => file.endsWith(".test.ts"));
}

function cites(root: string, file: string, number: string): boolean {
  return new RegExp(`\\b${number}\\b`).test(readFileSync(join(root, file), "utf8"));
}

/** Fewer would leave the guarantee with a test of which only one way to fail is known. */
const LEAST = 2;

export function checkMutations(): Violation[] {
  return GUARANTEES.filter((number) => mutations[number].length < LEAST).map((number) => ({
    file: `scripts/mutations/${number.toLowerCase()}.ts`,
    message: `holds fewer than ${LEAST} mutations: add ways to break ${number}`,
  }));
}

if (import.meta.main) {
  report([
    ...checkPage(repository),
    ...checkMutations(),
    ...(await proveMutations(
      repository,
      GUARANTEES.flatMap((number) => mutations[number]),
    )),
  ]);
}
