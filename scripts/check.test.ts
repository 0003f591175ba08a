import { expect, test } from "bun:test";
import { bun, run } from "./lib/command.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { countTests } from "./lib/test-count.ts";

async function countOf(files: Record<string, string>) {
  using folder = temporaryFolder(files);
  return countTests(await run([bun, "test", "--parallel=3", "./tests"], { cwd: folder.path }));
}

const passing = `import { test } from "bun:test"; test("passes", () => {});`;
const failing = `import { test } from "bun:test"; test("fails", () => { throw new Error("no"); });`;

test("the counts are those of bun test", async () => {
  expect(await countOf({ "tests/a.test.ts": passing, "tests/b.test.ts": failing })).toEqual({
    passed: 1,
    failed: 1,
  });
});

test("a run without any test is a failure", async () => {
  expect(await countOf({ "tests/empty.test.ts": "" })).toEqual({ passed: 0, failed: 1 });
  expect(await countOf({ "tests/no-test.ts": "" })).toEqual({ passed: 0, failed: 1 });
});

test("a file that cannot be loaded is a failure", async () => {
  const files = { "tests/a.test.ts": passing, "tests/b.test.ts": `import "./missing.ts";` };
  expect(await countOf(files)).toEqual({ passed: 1, failed: 1 });
});

test("a run that ends early is a failure", async () => {
  const files = {
    "tests/a.test.ts": `${passing} test("ends", () => process.exit(3));`,
    "tests/b.test.ts": passing,
  };
  expect((await countOf(files)).failed).toBe(1);
});

test("what a test prints is not taken for the summary", async () => {
  const files = { "tests/a.test.ts": `${passing} console.error(" 70 pass\\n 80 fail");` };
  expect(await countOf(files)).toEqual({ passed: 1, failed: 0 });
});

test("a command that takes too long is ended, and says so", async () => {
  const { ok, output } = await run([bun, "-e", "setInterval(() => {}, 1000)"], { timeout: 50 });
  expect(ok).toBe(false);
  expect(output).toContain("time limit is 0.05 s");
});
