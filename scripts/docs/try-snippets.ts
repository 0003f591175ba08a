import { join } from "node:path";
import { bun, run, tsc } from "../lib/command.ts";
import { type TemporaryFolder, temporaryFolder } from "../lib/temporary-folder.ts";
import type { Violation } from "../lib/violation.ts";
import { moduleText, type Snippet } from "./snippet.ts";

/** Milliseconds that a snippet may run. */
const RUN_TIME = 20_000;

/** As strict as the repository, but a snippet may show what it does not go on to use. */
const config = {
  extends: "../../../tsconfig.json",
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ["*.ts"],
  exclude: [],
};

/** Compiles every snippet, and runs those that ask for it. Errors are where the page has the code. */
export async function trySnippets(root: string, snippets: readonly Snippet[]): Promise<Violation[]> {
  if (snippets.length === 0) return [];
  const named = new Map(snippets.map((snippet) => [fileName(snippet), snippet]));
  const files = Object.fromEntries([...named].map(([name, snippet]) => [name, moduleText(snippet)]));
  // Below docs, which depends on all the packages, so that their names resolve.
  using folder = temporaryFolder(
    { ...files, "tsconfig.json": JSON.stringify(config) },
    join(root, "docs/.generated"),
  );
  const errors = await compile(folder, named);
  const violations = errors.map(({ violation }) => violation);
  const broken = new Set(errors.map(({ snippet }) => snippet));
  const waiting = [...named].filter(([, snippet]) => snippet.runs && !broken.has(snippet)).values();
  async function work(): Promise<void> {
    for (const [name, snippet] of waiting) violations.push(...(await execute(folder, name, snippet)));
  }
  await Promise.all([work(), work()]);
  return violations;
}

function fileName({ page, line }: Snippet): string {
  return `${page.replaceAll("/", "-")}-${line}.ts`;
}

interface CompileError {
  readonly snippet: Snippet | undefined;
  readonly violation: Violation;
}

async function compile(
  folder: TemporaryFolder,
  named: ReadonlyMap<string, Snippet>,
): Promise<CompileError[]> {
  const { ok, output } = await run([...tsc, "-p", "tsconfig.json"], { cwd: folder.path });
  if (ok) return [];
  // An error spans the lines that follow it and are indented.
  const errors = output.split(/\n(?! )/).map((text) => {
    const [, name = "", line, message = ""] = /^([^(]+)\((\d+),\d+\): (.*)$/s.exec(text) ?? [];
    const snippet = named.get(name);
    if (snippet === undefined) return { snippet, violation: { file: "The snippets", message: text } };
    const { file, line: origin } = snippet.lines[Number(line) - 1] ?? {
      file: snippet.page,
      line: snippet.line,
    };
    return { snippet, violation: { file, line: origin, message } };
  });
  // Those in the packages themselves say nothing about a page, and are reported with the types of the packages.
  return errors.filter(({ snippet, violation }) => snippet ?? !/^\.\.\/\S+\(/.test(violation.message));
}

async function execute(folder: TemporaryFolder, name: string, snippet: Snippet): Promise<Violation[]> {
  const { ok, output } = await run([bun, "--no-install", name], { cwd: folder.path, timeout: RUN_TIME });
  if (ok) return [];
  const path = join(folder.path, name);
  const shown = output.replaceAll(
    new RegExp(`${RegExp.escape(path)}:(\\d+)(:\\d+)?`, "g"),
    (place, line: string) => {
      const origin = snippet.lines[Number(line) - 1];
      return origin ? `${origin.file}:${origin.line}` : place;
    },
  );
  return [{ file: snippet.page, line: snippet.line, message: `fails when it is run:\n${shown}` }];
}
