import type { Violation } from "../lib/violation.ts";
import type { Block, Page } from "./page.ts";

/** Strings come first, so that `//` in one begins no comment. */
const STRING_OR_COMMENT =
  /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** A page in docs/zh shows the code of its counterpart in docs: all of it, in the same order, but for comments. */
export function checkTranslations(pages: readonly Page[]): Violation[] {
  return pages.flatMap((translated) => {
    const original = pages.find(({ file }) => file === translated.file.replace(/^docs\/zh\//, "docs/"));
    if (original === undefined || original === translated) return [];
    return compare(translated, original);
  });
}

function compare(translated: Page, original: Page): Violation[] {
  const theirs = original.blocks.filter(isCode);
  const ours = translated.blocks.filter(isCode);
  for (const [index, block] of ours.entries()) {
    const counterpart = theirs[index];
    if (counterpart === undefined || codeOf(block) === codeOf(counterpart)) continue;
    const message = `has other code than ${original.file}:${counterpart.line}, comments aside`;
    return [{ file: translated.file, line: block.line, message }];
  }
  if (ours.length === theirs.length) return [];
  const message = `has ${ours.length} ts blocks, and ${original.file} has ${theirs.length}`;
  return [{ file: translated.file, message }];
}

function isCode({ language }: Block): boolean {
  return language === "ts";
}

function codeOf({ code }: Block): string {
  const bare = code.join("\n").replace(STRING_OR_COMMENT, (_, text: string | undefined) => text ?? "");
  return bare
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}
