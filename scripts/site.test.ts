import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findFiles, repository } from "./lib/workspace.ts";
import { navigationOf, titleOf } from "./site/navigation.ts";
import { toSitePage } from "./site/site-page.ts";
import { collectSite } from "./site/stage.ts";

const places = new Map([
  ["docs/redis.md", "redis.md"],
  ["docs/zh/redis.md", "zh/redis.md"],
  ["packages/auth/README.md", "packages/auth.md"],
]);
const textOf = (text: string, file = "docs/redis.md"): string => toSitePage(file, text, places).text;

describe("a page on the site", () => {
  test.each([
    ["[auth](../packages/auth/README.md#urls)", "[auth](./packages/auth.md#urls)"],
    ["[`auth`](../packages/auth/README.md)", "[`auth`](./packages/auth.md)"],
    ["[two\nlines](zh/redis.md)", "[two\nlines](./zh/redis.md)"],
    ["[here](#there) and [there](https://example.com)", "[here](#there) and [there](https://example.com)"],
    ["[a test](../packages/auth/src/a.test.ts)", "a test"],
    ["`[code](zh/redis.md)`", "`[code](zh/redis.md)`"],
    ["```ts run setup=a\n[code](zh/redis.md)\n```", "```ts\n[code](zh/redis.md)\n```"],
    ["![a race](pictures/race.svg)", "![a race](./pictures/race.svg)"],
  ])("%j leads on", (text, wanted) => {
    expect(textOf(text)).toBe(wanted);
  });

  test("leads on from wherever it is", () => {
    expect(textOf("[Redis](../redis.md)", "docs/zh/redis.md")).toBe("[Redis](../redis.md)");
    expect(textOf("[Redis](../../docs/redis.md)", "packages/auth/README.md")).toBe("[Redis](../redis.md)");
  });

  test("names the pictures that go with it", () => {
    expect(toSitePage("docs/zh/redis.md", "![](../pictures/race.svg)", places)).toEqual({
      text: "![](../pictures/race.svg)",
      pictures: ["docs/pictures/race.svg"],
    });
  });
});

describe("the menu", () => {
  const titles = new Map([
    ["docs/redis.md", "Redis"],
    ["packages/auth/README.md", "auth"],
    ["docs/new.md", "New"],
  ]);
  const all = new Map([...places, ["docs/new.md", "new.md"]]);
  const contents = (text: string) => ({ file: "docs/README.md", text, others: "More" });

  test("has the contents' headings and links, and what they leave out at the end", () => {
    const text =
      "# Docs\n\n## Stores\n\n| [In Redis](redis.md) ([中文](zh/redis.md)) |\n\n## Packages\n\n[auth](../packages/auth/README.md)";
    expect(navigationOf(contents(text), all, titles)).toEqual([
      { text: "Stores", items: [{ text: "In Redis", link: "/redis" }] },
      { text: "Packages", items: [{ text: "auth", link: "/packages/auth" }] },
      { text: "More", items: [{ text: "New", link: "/new" }] },
    ]);
  });

  test("shows a decision's title for its number, and a page once", () => {
    const text = "## Decisions\n\n[001](redis.md) [again](redis.md)";
    const [group] = navigationOf(contents(text), all, titles);
    expect(group?.items).toEqual([{ text: "Redis", link: "/redis" }]);
  });

  test("a title is plain text", () => {
    expect(titleOf("\n# `code` and text\n")).toBe("code and text");
    expect(titleOf("## Not a title")).toBeUndefined();
  });
});

describe("the site of this repository", () => {
  const site = collectSite(repository);

  test("has every page of the documentation, and all pictures", () => {
    for (const file of findFiles(repository, "docs/*.md")) {
      if (file !== "docs/README.md") expect(site.pages.has(file.slice("docs/".length))).toBe(true);
    }
    expect(site.pages.has("packages/auth.md")).toBe(true);
    for (const picture of site.pictures) expect(existsSync(join(repository, picture))).toBe(true);
    expect(site.pictures.size).toBeGreaterThan(0);
  });

  test("leads from its first pages and menus to pages that are there", () => {
    const links = Object.values(site.navigation).flatMap((groups) =>
      groups.flatMap(({ items }) => items.map(({ link }) => link)),
    );
    for (const file of findFiles(repository, "site/*.md")) {
      const text = readFileSync(join(repository, file), "utf8");
      for (const [, link = ""] of text.matchAll(/link: (\/\S*)/g)) links.push(link);
    }
    expect(links.length).toBeGreaterThan(20);
    for (const link of links) {
      const path = link.slice(1).replace(/#.*/, "");
      const known = site.pages.has(`${path}.md`) || site.pages.has(`${path}index.md`);
      expect([link, known]).toEqual([link, true]);
    }
  });
});
