import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutation } from "../mutations/index.ts";
import { bun, run } from "./command.ts";
import { countTests } from "./test-count.ts";
import { copyTree, type TreeCopy } from "./tree-copy.ts";
import type { Violation } from "./violation.ts";

/** Milliseconds for one run of a test file: broken code may hang. */
const RUN_LIMIT = 60_000;

/** The file's text with the mutation in it, or why there is none. */
export function mutate(
  root: string,
  { file, find, replace }: Mutation,
): { text: string } | { reason: string } {
  const text = readFileSync(join(root, file), "utf8");
  const parts = text.split(find);
  if (parts.length === 2) return { text: parts.join(replace) };
  const occurs = parts.length === 1 ? "does not occur" : `occurs ${parts.length - 1} times`;
  return {
    reason:
      `${JSON.stringify(find)} ${occurs} in it, and has to once. The code has changed: write the mutation anew, ` +
      "in scripts/mutations, so that it breaks the same thing",
  };
}

/** What is wrong with the mutation, or with the test that should have caught it. */
async function prove(copy: TreeCopy, mutation: Mutation): Promise<Violation[]> {
  const { file, test, only, breaks } = mutation;
  const violation = (message: string): Violation[] => [
    { file, message: `(mutation "${breaks}"): ${message}` },
  ];
  const mutated = mutate(copy.path, mutation);
  if ("reason" in mutated) return violation(mutated.reason);
  const { text } = mutated;
  const { failed, output } = await copy.with(file, text, () => runTests(copy, mutation));
  const named = only === undefined ? test : `${test} -t "${only}"`;
  if (failed === 0) {
    return violation(
      `${named} passes although the code is broken. It does not show what it should: make it fail, or name the test that does`,
    );
  }
  // A file that cannot be loaded fails as well, and has shown nothing.
  if (!/^\(fail\) /m.test(output)) {
    return violation(`${named} could not run. Write a mutation that can be loaded:\n${output}`);
  }
  return [];
}

async function runTests(
  copy: TreeCopy,
  { test, only }: Pick<Mutation, "test" | "only">,
): Promise<{ failed: number; output: string }> {
  const filter = only === undefined ? [] : ["--test-name-pattern", only];
  const command = [bun, "--no-orphans", "test", "--bail", ...filter, `./${test}`];
  const result = await run(command, { cwd: copy.path, timeout: RUN_LIMIT });
  return { failed: countTests(result).failed, output: result.output };
}

/**
 * Breaks the code in one way after the other, in a copy, and runs the test that has to fail; each test has to pass
 * while nothing is broken. `lanes` of them at once, each in a copy of its own.
 */
export async function proveMutations(
  root: string,
  mutations: readonly Mutation[],
  { lanes = 2, onDone = () => {} }: { lanes?: number; onDone?: (mutation: Mutation) => void } = {},
): Promise<Violation[]> {
  const violations: Violation[] = [];
  const healthy = new Set<string>();
  const open = [...mutations];

  async function proveSome(): Promise<void> {
    using copy = copyTree(root);
    for (let mutation = open.shift(); mutation !== undefined; mutation = open.shift()) {
      violations.push(...(await prove(copy, mutation)));
      const { test, only } = mutation;
      const name = JSON.stringify([test, only]);
      if (!healthy.has(name)) {
        healthy.add(name);
        const { failed, output } = await runTests(copy, mutation);
        if (failed > 0) violations.push({ file: test, message: `fails while nothing is broken:\n${output}` });
      }
      onDone(mutation);
    }
  }
  await Promise.all(Array.from({ length: lanes }, proveSome));
  return violations;
}
