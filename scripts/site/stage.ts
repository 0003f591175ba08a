import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type NavigationGroup, navigationOf, titleOf } from "./navigation.ts";
import { placesOf } from "./pages.ts";
import { placeOfPicture, toSitePage } from "./site-page.ts";

/** Languages of the site: where their pages are, and what the menu calls pages that its contents do not name. */
const LANGUAGES = [
  { name: "en", contents: "docs/README.md", isOf: (file: string) => !isChinese(file), others: "More" },
  { name: "zh", contents: "docs/zh/README.md", isOf: isChinese, others: "其他" },
] as const;

export type Navigation = Record<(typeof LANGUAGES)[number]["name"], NavigationGroup[]>;

function isChinese(file: string): boolean {
  return file.startsWith("docs/zh/") || file.endsWith(".zh.md");
}

export interface Site {
  /** By their places on the site. */
  readonly pages: ReadonlyMap<string, string>;
  readonly pictures: ReadonlySet<string>;
  readonly navigation: Navigation;
}

/** The pages of the repository as the site has them, and the menus. */
export function collectSite(root: string): Site {
  const places = placesOf(root);
  const pages = new Map<string, string>();
  const pictures = new Set<string>();
  const titles = new Map<string, string>();
  for (const [file, place] of places) {
    const text = readFileSync(join(root, file), "utf8");
    const page = toSitePage(file, text, places);
    pages.set(place, page.text);
    for (const picture of page.pictures) pictures.add(picture);
    const title = titleOf(text);
    if (title !== undefined) titles.set(file, title);
  }
  const menus = LANGUAGES.map(({ name, contents, isOf, others }) => {
    const text = readFileSync(join(root, contents), "utf8");
    const own = new Map([...titles].filter(([file]) => isOf(file)));
    return [name, navigationOf({ file: contents, text, others }, places, own)];
  });
  return { pages, pictures, navigation: Object.fromEntries(menus) as Navigation };
}

/** Writes the site into the folder, for the generator. */
export function writeSite(root: string, folder: string): Site {
  rmSync(folder, { recursive: true, force: true });
  const site = collectSite(root);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const [place, text] of site.pages) write(place, text);
  for (const picture of site.pictures) cpSync(join(root, picture), join(folder, placeOfPicture(picture)));
  write(".vitepress/navigation.json", JSON.stringify(site.navigation));
  write(".vitepress/config.ts", 'export { default } from "../../config.ts";\n');
  write(".vitepress/theme/index.ts", 'export { default } from "../../../theme/index.ts";\n');
  return site;
}
