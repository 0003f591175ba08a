import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Violation } from "../lib/violation.ts";
import type { Block, Page } from "./page.ts";
import { withoutRepeatedImports } from "./repeated-imports.ts";

/** A line of code, and where it was written. */
interface Line {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** A program made of what a page shows, and of what the page leaves out. */
export interface Snippet {
  readonly page: string;
  /** Of the page: where its first block begins. */
  readonly line: number;
  /** Whether it is also run. */
  readonly runs: boolean;
  readonly lines: readonly Line[];
}

export interface Snippets {
  readonly snippets: readonly Snippet[];
  readonly violations: readonly Violation[];
  /** The files of docs/setups that the page uses. */
  readonly setups: ReadonlySet<string>;
}

interface Draft extends Snippet {
  runs: boolean;
  lines: Line[];
  readonly included: Set<string>;
}

const SETUPS = "docs/setups";
const OTHER_LANGUAGES = ["typescript", "tsx", "js", "javascript", "jsx"];

/**
 * The programs in the page's `ts` blocks. After `ts` there may be, in any order:
 *
 * - `run`: run it, too; it has to end by itself, without an error;
 * - `continue`: goes on from the block before, in the same program;
 * - `setup=NAME`: begins with docs/setups/NAME.ts, which declares what the reader is taken to have;
 * - `check=NAME`: ends with docs/setups/NAME.ts, which looks at what the code did.
 */
export function readSnippets(root: string, page: Page): Snippets {
  const snippets: Draft[] = [];
  const violations: Violation[] = [];
  const setups = new Set<string>();

  function refuse(block: Block, message: string): void {
    violations.push({ file: page.file, line: block.line - 1, message });
  }

  function startOf(block: Block): Draft | undefined {
    if (block.words.includes("continue")) return snippets.at(-1);
    const draft = { page: page.file, line: block.line, runs: false, lines: [], included: new Set<string>() };
    snippets.push(draft);
    return draft;
  }

  function include(snippet: Draft, block: Block, key: "setup" | "check"): void {
    for (const word of block.words.filter((name) => name.startsWith(`${key}=`))) {
      const file = `${SETUPS}/${word.slice(key.length + 1)}.ts`;
      if (!existsSync(join(root, file))) {
        refuse(block, `asks for ${file}, which is missing`);
      } else if (!snippet.included.has(file)) {
        snippet.included.add(file);
        setups.add(file);
        snippet.lines.push(
          ...numbered(readFileSync(join(root, file), "utf8").trimEnd().split("\n"), file, 1),
        );
      }
    }
  }

  for (const block of page.blocks) {
    if (OTHER_LANGUAGES.includes(block.language)) {
      refuse(block, `holds ${block.language}, which is not checked: write it as ts`);
    }
    if (block.language !== "ts") continue;
    for (const word of block.words.filter((text) => !/^(run|continue|(setup|check)=[\w-]+)$/.test(text))) {
      refuse(block, `has "${word}" after ts: known are run, continue, setup=NAME and check=NAME`);
    }
    const snippet = startOf(block);
    if (snippet === undefined) {
      refuse(block, "continues nothing: it is the page's first ts block");
      continue;
    }
    snippet.runs ||= block.words.includes("run");
    include(snippet, block, "setup");
    snippet.lines.push(...numbered(block.code, page.file, block.line));
    include(snippet, block, "check");
  }
  return { snippets, violations, setups };
}

/** The program's text. Its lines are those of the snippet, and one more. */
export function moduleText(snippet: Snippet): string {
  const text = snippet.lines.map((line) => line.text).join("\n");
  // Makes it a module, whatever is in it: with names of its own, and `await` anywhere.
  return `${withoutRepeatedImports(text)}\nexport {};\n`;
}

function numbered(lines: readonly string[], file: string, first: number): Line[] {
  return lines.map((text, index) => ({ text, file, line: first + index }));
}
