import { dirname, join } from "node:path";
import type { Violation } from "../lib/violation.ts";
import type { Page } from "./page.ts";

/** The pages of contents, of which the site makes its menus. */
const CONTENTS = /^docs\/(zh\/)?README\.md$/;

/** Each page in docs is in the contents of its language: otherwise nobody finds it. */
export function checkContents(pages: readonly Page[]): Violation[] {
  return pages
    .filter(({ file }) => CONTENTS.test(file))
    .flatMap((contents) => {
      const folder = dirname(contents.file);
      const links = contents.prose.flatMap((text) => [...text.matchAll(/\]\(([^()#\s]+)/g)]);
      const named = new Set(links.map(([, link = ""]) => join(folder, link)));
      const own = pages.filter(({ file }) => isBelow(file, folder) && file !== contents.file);
      return own
        .filter(({ file }) => !named.has(file))
        .map(({ file }) => ({ file, message: `is not in ${contents.file}: add a row for it` }));
    });
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`) && (folder !== "docs" || !file.startsWith("docs/zh/"));
}
