export interface Block {
  /** The first word after the fence. */
  readonly language: string;
  /** The other words. */
  readonly words: readonly string[];
  readonly code: readonly string[];
  /** Of the page, counted from 1: where the code begins. */
  readonly line: number;
}

export interface Page {
  /** Relative to the root. */
  readonly file: string;
  readonly blocks: readonly Block[];
  /** Its lines, those of code blocks left empty. */
  readonly prose: readonly string[];
  /** The line of a fence that is never closed, which makes code of the rest of the page. */
  readonly openFence?: number | undefined;
}

const FENCE = /^(\s*)(`{3,}|~{3,})\s*([^`]*)$/;

export function parsePage(file: string, text: string): Page {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: (Block & { code: string[]; indent: number; fence: string }) | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, indent = "", fence = "", info = ""] = FENCE.exec(line) ?? [];
    if (open === undefined) {
      prose.push(fence === "" ? line : "");
      if (fence === "") continue;
      const [language = "", ...words] = info.trim().split(/\s+/);
      open = { language, words, code: [], line: index + 2, indent: indent.length, fence };
      continue;
    }
    prose.push("");
    if (fence.startsWith(open.fence) && info === "") {
      const { indent: _, fence: __, ...block } = open;
      blocks.push(block);
      open = undefined;
    } else {
      // What stands in a list item is indented with it.
      open.code.push(line.replace(new RegExp(`^\\s{0,${open.indent}}`), ""));
    }
  }
  return { file, blocks, prose, openFence: open && open.line - 1 };
}
