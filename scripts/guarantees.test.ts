import { expect, test } from "bun:test";
import { checkMutations, checkPage } from "./guarantees.ts";
import { proveMutations } from "./lib/mutation-proof.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import type { Mutation } from "./mutations/index.ts";

const PAGE = "# Guarantees\n\n## G1 Dead stays dead\n\nTests: [it](../packages/a/src/g1-dead.test.ts).\n";
const TEST = `test("G1: dead", () => {});\n`;

function messages(files: Record<string, string>): string[] {
  using folder = temporaryFolder(files);
  return checkPage(folder.path, ["G1"]).map(({ file, message }) => `${file} ${message}`);
}

test("a page with a section for each guarantee, and a test that cites it, passes", () => {
  expect(messages({ "docs/guarantees.md": PAGE, "packages/a/src/g1-dead.test.ts": TEST })).toEqual([]);
});

test.each<[string, Record<string, string>, string]>([
  ["no page", { "packages/a/src/g1-dead.test.ts": "" }, 'has no section "## G1'],
  ["no test", { "docs/guarantees.md": "## G1 Dead\n" }, "to no test that has G1 in its text"],
  ["a test that is not there", { "docs/guarantees.md": PAGE }, "to no test that has G1 in its text"],
  [
    "a test about something else",
    { "docs/guarantees.md": PAGE, "packages/a/src/g1-dead.test.ts": "test();" },
    "to no test that has G1 in its text",
  ],
  [
    "a test that the page leaves out",
    {
      "docs/guarantees.md": PAGE,
      "packages/a/src/g1-dead.test.ts": TEST,
      "packages/b/src/g1-x.test.ts": TEST,
    },
    "does not link packages/b/src/g1-x.test.ts under G1",
  ],
  [
    "a number that the page does not know",
    { "docs/guarantees.md": PAGE, "packages/a/src/g1-dead.test.ts": TEST, "packages/a/src/a.ts": "// (G2)" },
    "packages/a/src/a.ts speaks of G2",
  ],
])("%s is found out", (_, files, message) => {
  expect(messages(files).join("\n")).toContain(message);
});

test("every guarantee has mutations", () => {
  expect(checkMutations()).toEqual([]);
});

/** What a repository needs to be copied, with one function and a test of it. */
const repository = {
  "packages/a/src/a.ts": "export const isDead = (): boolean => true;\n",
  "packages/a/src/a.test.ts": `import { expect, test } from "bun:test";
import { isDead } from "./a.ts";
test("dead", () => expect(isDead()).toBe(true));
test("nothing", () => {});
`,
  "testing/index.ts": "",
  "scripts/test-setup.ts": "",
  "package.json": "{}",
  "bunfig.toml": "",
  "tsconfig.json": "{}",
};
const mutation: Mutation = {
  breaks: "it lives",
  file: "packages/a/src/a.ts",
  find: "=> true",
  replace: "=> false",
  test: "packages/a/src/a.test.ts",
};

test.each<[string, Partial<Mutation>, string]>([
  ["a test that fails passes", {}, ""],
  ["a test that passes is found out", { only: "nothing" }, "passes although the code is broken"],
  ["text that is gone is found out", { find: "=> gone" }, "does not occur in it"],
  ["text that is ambiguous is found out", { find: "e" }, "occurs 4 times in it"],
  ["code that cannot be loaded is found out", { replace: "=> {{{" }, "could not run"],
])("mutations: %s", async (_, changes, message) => {
  using folder = temporaryFolder(repository);
  const violations = await proveMutations(folder.path, [{ ...mutation, ...changes }], { lanes: 1 });
  expect(violations.map((violation) => violation.message).join("\n")).toContain(message);
  expect(violations.length).toBe(message === "" ? 0 : 1);
  // The repository itself is left alone.
  expect(await Bun.file(`${folder.path}/packages/a/src/a.ts`).text()).toBe(repository["packages/a/src/a.ts"]);
});

test("mutations: a test that fails while nothing is broken is found out", async () => {
  using folder = temporaryFolder({
    ...repository,
    "packages/a/src/a.ts": "export const isDead = () => !true;\n",
  });
  const broken = { ...mutation, find: "!true", replace: "false" };
  const [violation] = await proveMutations(folder.path, [broken], { lanes: 1 });
  expect(violation?.message).toContain("fails while nothing is broken");
});
