import { describe, expect, test } from "bun:test";
import { formatViolation } from "./lib/violation.ts";
import { findGaps, readRows, readTests } from "./security.ts";

const row = (tag: string, ...files: string[]): string =>
  `| ${tag} | what holds | 7.2.1 | ${files.map((file) => `[test](../${file})`).join(", ")} |`;

function gaps(page: string[], tests: Record<string, string>): string[] {
  const found = Object.entries(tests).flatMap(([file, source]) => readTests(file, source));
  return findGaps(readRows(page.join("\n")), found).map(formatViolation);
}

describe("a page and tests that agree", () => {
  test.each<[string, string]>([
    ["a test", 'test("[SEC-01] holds", () => {});'],
    ["a group of tests", 'describe("[SEC-01] holds", () => {});'],
    ["a table of tests", 'test.each(cases)("[SEC-01] %s", () => {});'],
    ["one case of a table", '  ["[SEC-01] a name", 1],'],
    ["two tags", 'test("[SEC-01] [HOLE-02] holds", () => {});\ntest("[HOLE-02] x", () => {});'],
  ])("%s is found", (_, source) => {
    const page = [
      row("SEC-01", "a.test.ts"),
      ...(source.includes("HOLE") ? [row("HOLE-02", "a.test.ts")] : []),
    ];
    expect(gaps(page, { "a.test.ts": source })).toEqual([]);
  });

  test("links to what is no test are not asked for one", () => {
    expect(gaps([row("SEC-01", "a.test.ts", "docs/x.md")], { "a.test.ts": 'test("[SEC-01] x", f)' })).toEqual(
      [],
    );
  });
});

test.each<[string, string[], Record<string, string>, string]>([
  [
    "a row without a test",
    [row("SEC-01")],
    {},
    "docs/security.md:1 has a row SEC-01, which no test's name begins with",
  ],
  [
    "a test without a row",
    [],
    { "a.test.ts": '\ntest("[SEC-09] x", f)' },
    "a.test.ts:2 has the tag SEC-09, which is no row of docs/security.md",
  ],
  [
    "a file that is named and has no such test",
    [row("SEC-01", "a.test.ts", "b.test.ts")],
    { "a.test.ts": 'test("[SEC-01] x", f)', "b.test.ts": 'test("x [SEC-01] in the middle", f)' },
    "docs/security.md:1 names b.test.ts for SEC-01, which has no test of that tag",
  ],
  [
    "a file that is not named",
    [row("SEC-01", "a.test.ts")],
    { "a.test.ts": 'test("[SEC-01] x", f)', "b.test.ts": 'test("[SEC-01] x", f)' },
    "docs/security.md:1 does not name b.test.ts for SEC-01, which has a test of that tag",
  ],
  [
    "a second row of one tag",
    [row("SEC-01", "a.test.ts"), row("SEC-01", "a.test.ts")],
    { "a.test.ts": 'test("[SEC-01] x", f)' },
    "docs/security.md:2 has a second row SEC-01",
  ],
])("%s is refused", (_, page, tests, message) => {
  expect(gaps(page, tests)).toEqual([message]);
});
