import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Violation } from "../lib/violation.ts";
import type { Page } from "./page.ts";
import { slugOf } from "./slug.ts";

const LINKS = [
  /\]\(\s*<?([^()<>\s]+)>?(?:\s+["'][^"']*["'])?\s*\)/g,
  /^ {0,3}\[(?!\^)[^\]]+\]:\s*<?([^\s>]+)/g,
  /\b(?:href|src)="([^"]+)"/g,
];

/** Every link to a file of the repository has to find it, and the heading in it that it names. */
export function checkLinks(root: string, pages: readonly Page[]): Violation[] {
  const anchors = new Map(pages.map((page) => [page.file, anchorsOf(page)]));

  function complaint(page: Page, link: string): string | undefined {
    if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(link)) return undefined;
    if (link.startsWith("/")) return `links to ${link}: make it relative to the page`;
    const [path = "", anchor] = decodeURI(link).split("#");
    const target = path === "" ? page.file : join(dirname(page.file), path.replace(/\?.*/, ""));
    if (!existsSync(join(root, target))) return `links to ${link}, which is missing`;
    const known = anchors.get(target);
    if (anchor && known && !known.has(anchor)) return `links to ${link}, but ${target} has no such heading`;
    return undefined;
  }

  return pages.flatMap((page) =>
    page.prose.flatMap((text, index) =>
      linksIn(text).flatMap((link) => {
        const message = complaint(page, link);
        return message === undefined ? [] : [{ file: page.file, line: index + 1, message }];
      }),
    ),
  );
}

function linksIn(text: string): string[] {
  const withoutCode = text.replace(/(`+).*?\1/g, "");
  return LINKS.flatMap((pattern) => [...withoutCode.matchAll(pattern)].map(([, link = ""]) => link));
}

/** As GitHub makes them of the headings, and those that HTML in the page sets. */
function anchorsOf({ prose }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const text of prose) {
    const [, heading] = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/.exec(text) ?? [];
    if (heading !== undefined) {
      const slug = slugOf(heading);
      let anchor = slug;
      for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
      anchors.add(anchor);
    }
    for (const [, id = ""] of text.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id);
  }
  return anchors;
}
