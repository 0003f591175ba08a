import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { parsePage } from "./docs/page.ts";
import { withoutRepeatedImports } from "./docs/repeated-imports.ts";
import { moduleText, readSnippets } from "./docs/snippet.ts";
import { checkDocumentation } from "./docs.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { formatViolation } from "./lib/violation.ts";
import { repository } from "./lib/workspace.ts";

/** A page's lines, where ' stands for what fences are made of. */
function markdown(...lines: string[]): string {
  return lines.join("\n").replaceAll("'", "`");
}

async function violationsOf(files: Record<string, string>): Promise<string[]> {
  using folder = temporaryFolder({
    "tsconfig.json": JSON.stringify({
      extends: join(repository, "tsconfig.json"),
      compilerOptions: { typeRoots: [join(repository, "node_modules")] },
    }),
    "docs/package.json": "{}",
    ...files,
  });
  return (await checkDocumentation(folder.path)).map(formatViolation);
}

describe("a page's code blocks", () => {
  test("are found with their language, their words and their line", () => {
    const { blocks, prose } = parsePage(
      "a.md",
      markdown("# A", "'''ts run  setup=b", "one();", "", "two();", "'''", "z"),
    );
    expect(blocks).toEqual([
      { language: "ts", words: ["run", "setup=b"], code: ["one();", "", "two();"], line: 3 },
    ]);
    expect(prose).toEqual(["# A", "", "", "", "", "", "z"]);
  });

  test("end with a fence as long as theirs, of the same kind, and lose the indentation of a list", () => {
    const text = markdown(
      "''''md",
      "'''ts",
      "'''",
      "''''",
      "~~~ts",
      "'''",
      "~~~",
      "- a",
      "  '''ts",
      "  if (a) {",
      "    b();",
      "  '''",
    );
    const { blocks } = parsePage("a.md", text);
    expect(blocks.map(({ code }) => code)).toEqual([
      ["'''ts", "'''"].map((line) => line.replace("'''", "```")),
      ["```"],
      ["if (a) {", "  b();"],
    ]);
  });

  test("that nothing closes are refused", async () => {
    expect(await violationsOf({ "README.md": markdown("a", "'''sh", "ls") })).toEqual([
      "README.md:2 opens a code block that nothing closes",
    ]);
  });

  test("in a language that only looks unlike ts are refused", async () => {
    expect(await violationsOf({ "docs/a.md": markdown("'''js", "a", "'''", "'''sh", "a", "'''") })).toEqual([
      "docs/a.md:1 holds js, which is not checked: write it as ts",
    ]);
  });
});

describe("a snippet", () => {
  const setups = {
    "docs/setups/user.ts": "export const user = 1;\n",
    "docs/setups/is-two.ts": "check(two);\n",
  };

  function snippetsOf(...lines: string[]) {
    using folder = temporaryFolder(setups);
    return readSnippets(folder.path, parsePage("docs/a.md", markdown(...lines)));
  }

  test("is a block with its setup before it and its check after it", () => {
    const { snippets } = snippetsOf("'''ts check=is-two setup=user run", "const two = user + 1;", "'''");
    expect(snippets.map(moduleText)).toEqual([
      "export const user = 1;\nconst two = user + 1;\ncheck(two);\nexport {};\n",
    ]);
    expect(snippets[0]).toMatchObject({ page: "docs/a.md", line: 2, runs: true });
  });

  test("goes on in the blocks that continue it, and has each setup once", () => {
    const { snippets } = snippetsOf(
      ...["'''ts setup=user", "a", "'''", "'''ts", "b", "'''", "'''ts", "c", "'''"],
      ...["'''ts continue setup=user", "d", "'''", "'''ts continue setup=user run", "e", "'''"],
    );
    expect(snippets.map(({ lines, runs }) => [runs, ...lines.map(({ text }) => text)])).toEqual([
      [false, "export const user = 1;", "a"],
      [false, "b"],
      [true, "c", "export const user = 1;", "d", "e"],
    ]);
  });

  test("knows where each of its lines was written", () => {
    const [snippet] = snippetsOf(
      "'''ts setup=user",
      "a",
      "'''",
      "text",
      "'''ts continue",
      "b",
      "'''",
    ).snippets;
    expect(snippet?.lines.map(({ file, line }) => `${file}:${line}`)).toEqual([
      "docs/setups/user.ts:1",
      "docs/a.md:2",
      "docs/a.md:6",
    ]);
  });

  test("is refused for a setup that is missing, a word that is unknown, and a continuation of nothing", () => {
    const { violations } = snippetsOf("'''ts continue", "'''", "'''ts setup=none runs", "'''");
    expect(violations.map(formatViolation)).toEqual([
      "docs/a.md:1 continues nothing: it is the page's first ts block",
      'docs/a.md:3 has "runs" after ts: known are run, continue, setup=NAME and check=NAME',
      "docs/a.md:3 asks for docs/setups/none.ts, which is missing",
    ]);
  });
});

test("names that are imported again are left out, and every line stays where it is", () => {
  const source = [
    'import { a, type B } from "x";',
    "a();",
    "import {",
    "  a,",
    "  c as d,",
    '} from "x";',
    'import type { a, E } from "x";',
    'import f, * as g from "y";',
    'import f from "y";',
    'import { B } from "x";',
    'import "z";',
    'import h from "./h.txt" with { type: "text" };',
  ];
  expect(withoutRepeatedImports(source.join("\n")).split("\n")).toEqual([
    'import { a } from "x"; import { B } from "x";',
    "a();",
    'import { c as d } from "x";',
    "",
    "",
    "",
    'import type { E } from "x";',
    'import f from "y"; import * as g from "y";',
    "",
    "",
    'import "z";',
    'import h from "./h.txt" with { type: "text" };',
  ]);
});

describe("the documentation is refused", () => {
  test("for code that does not compile, or fails, where the page has it", async () => {
    const violations = await violationsOf({
      "README.md": markdown("# A", "'''ts setup=one", "export {};", "const text: string = one;", "'''"),
      "docs/a.md": markdown(
        "'''ts run",
        "let a = 1;",
        "'''",
        "Then:",
        "'''ts continue",
        "a += 1;",
        'throw new Error("no");',
        "'''",
      ),
      "docs/b.md": markdown(
        "'''ts run",
        "const a: string = 1;",
        "throw a;",
        "'''",
        "'''ts setup=broken",
        "'''",
      ),
      "docs/setups/one.ts": "export const one = 1;\n",
      "docs/setups/broken.ts": "\nexport const two = one;\n",
    });
    expect(violations).toHaveLength(4);
    expect(violations[0]).toStartWith("README.md:4 error TS2322");
    expect(violations[1]).toStartWith("docs/b.md:2 error TS2322");
    expect(violations[2]).toStartWith("docs/setups/broken.ts:2 error TS2304");
    expect(violations[3]).toMatch(/^docs\/a\.md:2 fails when it is run:[\s\S]*error: no\n.*docs\/a\.md:7/);
  });

  test("for a setup that no page uses, and a package that the snippets could not find", async () => {
    const files = { "docs/setups/old.ts": "", "packages/one/package.json": '{ "name": "@ventostack/one" }' };
    expect(await violationsOf(files)).toEqual([
      "docs/setups/old.ts is used by no page: remove it",
      'docs/package.json lacks "@ventostack/one": "workspace:*" in its dependencies',
    ]);
  });

  test("for links that lead nowhere", async () => {
    const violations = await violationsOf({
      "docs/a.md": markdown(
        ...["# The *first* `title`, 1.0", "## Again", "## Again", '<a id="here"></a>', "# 中文 标题"],
        "[a](#the-first-title-10) [b](#again-1) [c](b.md#b) [d](../docs) [e](https://x.test/none) [f](#here)",
        '[g](#中文-标题) [h](#%E4%B8%AD%E6%96%87-%E6%A0%87%E9%A2%98) `[i](none.md)` [j](b.md "B")',
        ...["'''md", "[k](none.md)", "'''"],
        "[![l](none.png)](b.md) [m](#again-2)",
        "[n]: none.md",
        '<img src="none.svg"> [o](/docs/b.md) [p](b.md#none)',
      ),
      "docs/b.md": "# B",
    });
    expect(violations).toEqual([
      "docs/a.md:11 links to none.png, which is missing",
      "docs/a.md:11 links to #again-2, but docs/a.md has no such heading",
      "docs/a.md:12 links to none.md, which is missing",
      "docs/a.md:13 links to /docs/b.md: make it relative to the page",
      "docs/a.md:13 links to b.md#none, but docs/b.md has no such heading",
      "docs/a.md:13 links to none.svg, which is missing",
    ]);
  });

  test("for a page that is not in the contents of its language", async () => {
    const violations = await violationsOf({
      "docs/README.md": "[a](a.md) [zh](zh/a.md)",
      "docs/a.md": "# A",
      "docs/decisions/001-b.md": "# B",
      "docs/zh/README.md": "[a](../a.md)",
      "docs/zh/a.md": "# A",
    });
    expect(violations).toEqual([
      "docs/decisions/001-b.md is not in docs/README.md: add a row for it",
      "docs/zh/a.md is not in docs/zh/README.md: add a row for it",
    ]);
  });

  test("for an error code that is not explained, and one that there is not", async () => {
    const violations = await violationsOf({
      "docs/troubleshooting.md": "## `THROWN`\n\n## NO_SUCH_CODE\n\n## A heading\n\n### LISTED\n",
      "packages/one/src/lib/a.ts": 'throw new SessionError(\n  "THROWN", "");\nfail({ code: "BY_CODE" });',
      "packages/one/src/lib/a.test.ts": 'expect(error).toEqual({ code: "ONLY_IN_A_TEST" });',
      "packages/auth-core/src/lib/session-error.ts": 'const codes = [\n  "LISTED",\n  "FORGOTTEN",\n];',
    });
    expect(violations).toEqual([
      "docs/troubleshooting.md lacks a heading for FORGOTTEN, which packages/auth-core/src/lib/session-error.ts has",
      "docs/troubleshooting.md lacks a heading for BY_CODE, which packages/one/src/lib/a.ts has",
      "docs/troubleshooting.md:3 explains NO_SUCH_CODE, which no package has",
    ]);
  });

  test("for a translation that shows other code", async () => {
    const page = (comment: string, code: string) =>
      markdown("'''ts", `// ${comment}`, "export const before = 1;", "", `${code} // ${comment}`, "'''");
    expect(
      await violationsOf({
        "docs/same.md": page("One", "/* Two */ export const a = 1;"),
        "docs/zh/same.md": page("一", "export const a = 1;"),
        "docs/changed.md": page("One", 'export const url = "redis://here";'),
        "docs/zh/changed.md": page("一", 'export const url = "redis://there";'),
        "docs/shorter.md": page("One", "export const a = 1;"),
        "docs/zh/shorter.md": "没有代码",
        "docs/zh/only.md": page("一", "export const a = 3;"),
      }),
    ).toEqual([
      "docs/zh/changed.md:2 has other code than docs/changed.md:2, comments aside",
      "docs/zh/shorter.md has 0 ts blocks, and docs/shorter.md has 1",
    ]);
  });
});
