import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { Violation } from "../lib/violation.ts";
import type { Tarball } from "./tarball.ts";

/**
 * Ways of resolving that find no types here, and are not meant to: CommonJS, and TypeScript before it knew `exports`.
 * The packages are ES modules only.
 */
const NOT_OURS = ["node10", "node16-cjs"];

/** What publint and "Are the types wrong?" have to say of a tarball. Any remark at all is a complaint. */
export async function lintTarball({ path, manifest }: Tarball): Promise<Violation[]> {
  const bytes = await Bun.file(path).bytes();
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  const analysis = await checkPackage(createPackageFromTarballData(bytes));
  const problems = analysis.types ? analysis.problems.filter(isOurs) : [{ kind: "NoTypes" }];
  return [
    ...messages.map((message) => `publint: ${Bun.stripANSI(formatMessage(message, pkg) ?? message.code)}`),
    ...problems.map((problem) => `its types: ${JSON.stringify(problem)}`),
  ].map((message) => ({ file: `The tarball of ${manifest.name}`, message }));
}

function isOurs(problem: Problem): boolean {
  return !("resolutionKind" in problem && NOT_OURS.includes(problem.resolutionKind));
}
