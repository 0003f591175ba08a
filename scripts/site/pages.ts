import { findFiles } from "../lib/workspace.ts";

/** Which pages of the repository the site has, and where: a new page in docs needs nothing more. */
const PLACES: readonly (readonly [pattern: string, placeOf: (file: string) => string])[] = [
  ["docs/README.md", () => "contents.md"],
  ["docs/zh/README.md", () => "zh/contents.md"],
  ["docs/**/*.md", (file) => file.slice("docs/".length)],
  ["packages/*/README.md", (file) => file.replace(/\/README\.md$/, ".md")],
  ["examples/*/README.md", (file) => file.replace(/\/README\.md$/, ".md")],
  ["bench/*.md", (file) => file.replace(/README\.md$/, "index.md").toLowerCase()],
  ["README.md", () => "introduction.md"],
  ["CONTRIBUTING.md", () => "contributing.md"],
  ["CHANGELOG.md", () => "changelog.md"],
  // The first page of each language, which only the site has.
  ["site/index.md", () => "index.md"],
  ["site/index.zh.md", () => "zh/index.md"],
];

/** The place on the site of each page, by its file; both relative, to the repository and to the site. */
export function placesOf(root: string): Map<string, string> {
  const places = new Map<string, string>();
  for (const [pattern, placeOf] of PLACES) {
    for (const file of findFiles(root, pattern)) {
      if (!places.has(file)) places.set(file, placeOf(file));
    }
  }
  return places;
}
