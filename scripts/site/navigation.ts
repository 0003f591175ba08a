import { dirname, join } from "node:path";
import { parsePage } from "../docs/page.ts";

export interface NavigationItem {
  readonly text: string;
  /** Of the site, from its top. */
  readonly link: string;
}

export interface NavigationGroup {
  readonly text: string;
  readonly items: readonly NavigationItem[];
  readonly collapsed?: boolean;
}

/** A page of contents: its headings are groups, and the links below each are the pages of the group. */
export interface Contents {
  /** `docs/README.md`, or a translation of it. */
  readonly file: string;
  readonly text: string;
  /** For pages that it does not name. */
  readonly others: string;
}

/** More than these are shown folded. */
const LONGEST_OPEN = 12;

/**
 * The menu of one language. `titles`: of each page of that language, by its file. A page that the contents do not name
 * comes last, so that none is unreachable.
 */
export function navigationOf(
  contents: Contents,
  places: ReadonlyMap<string, string>,
  titles: ReadonlyMap<string, string>,
): NavigationGroup[] {
  const groups: { text: string; items: NavigationItem[] }[] = [];
  const named = new Set<string>([contents.file]);
  for (const line of parsePage(contents.file, contents.text).prose) {
    const [, heading] = /^## (.*)$/.exec(line) ?? [];
    if (heading !== undefined) groups.push({ text: heading, items: [] });
    for (const [, label = "", link = ""] of line.matchAll(/\[([^[\]]+)\]\(([^()#\s]+)\)/g)) {
      const file = join(dirname(contents.file), link);
      const title = titles.get(file);
      if (title === undefined || named.has(file)) continue;
      named.add(file);
      // Decisions are linked by their numbers.
      const text = /^\d+$/.test(label) ? title : label;
      groups.at(-1)?.items.push({ text, link: linkOf(places, file) });
    }
  }
  const others = [...titles].filter(([file]) => !named.has(file));
  groups.push({
    text: contents.others,
    items: others.map(([file, text]) => ({ text, link: linkOf(places, file) })),
  });
  return groups
    .filter(({ items }) => items.length > 0)
    .map((group) => (group.items.length > LONGEST_OPEN ? { ...group, collapsed: true } : group));
}

function linkOf(places: ReadonlyMap<string, string>, file: string): string {
  return `/${(places.get(file) ?? "").replace(/\.md$/, "").replace(/(^|\/)index$/, "$1")}`;
}

/** The first heading, as plain text. */
export function titleOf(text: string): string | undefined {
  const title = /^# (.+)$/m.exec(text)?.[1];
  return title?.replaceAll("`", "").trim();
}
