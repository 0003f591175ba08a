import { dirname, join, relative } from "node:path";

export interface SitePage {
  readonly text: string;
  /** Pictures that it shows, relative to the repository. */
  readonly pictures: readonly string[];
}

/** A code block, its fences included. */
const FENCED = /^( *)(`{3,}|~{3,})(.*)\n(?:[\s\S]*?\n)?\1\2[`~]* *$/gm;
const CODE = /(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g;
/** Its label may hold another one: a picture that is a link. */
const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\](?:\([^)]*\))?)*)\]\(\s*([^()\s]+)\s*\)/g;
const PICTURE = /\.(svg|png|webp)$/;

/**
 * A page of the repository as the site has it: links lead to where those pages are there, and what is not on the site is
 * no link. Of what is after the fence of a code block the language stays; the rest is for scripts/docs.ts.
 */
export function toSitePage(file: string, text: string, places: ReadonlyMap<string, string>): SitePage {
  const pictures = new Set<string>();
  const from = dirname(places.get(file) ?? "");
  const hidden: string[] = [];
  const hide = (code: string): string => `\0${hidden.push(code) - 1}\0`;

  function placeOf(path: string): string | undefined {
    const target = join(dirname(file), path);
    if (!PICTURE.test(target)) return places.get(target);
    pictures.add(target);
    return placeOfPicture(target);
  }

  function rewrite(whole: string, mark: string, label: string, link: string): string {
    const inner = label.replaceAll(LINK, rewrite);
    if (/^([a-z][a-z\d+.-]*:|#)/i.test(link)) return whole.replace(label, inner);
    const [, path = "", anchor = ""] = /^([^#]*)(#.*)?$/.exec(decodeURI(link)) ?? [];
    const place = placeOf(path);
    if (place === undefined) return inner;
    const way = relative(from, place);
    return `${mark}[${inner}](${way.startsWith(".") ? way : `./${way}`}${anchor})`;
  }

  const prose = text
    .replaceAll(FENCED, (block, indent: string, fence: string, info: string) => {
      const [language = ""] = info.trim().split(/\s+/);
      return hide(block.replace(indent + fence + info, indent + fence + language));
    })
    .replaceAll(CODE, hide)
    .replaceAll(LINK, rewrite);
  const shown = prose.replaceAll(/\0(\d+)\0/g, (_, index: string) => hidden[Number(index)] ?? "");
  return { text: shown, pictures: [...pictures] };
}

/** Where the site has the picture. */
export function placeOfPicture(file: string): string {
  return file.replace(/^docs\//, "");
}
