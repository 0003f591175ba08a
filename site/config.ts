import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { slugOf } from "../scripts/docs/slug.ts";

const navigation = JSON.parse(
  readFileSync(new URL("./.generated/.vitepress/navigation.json", import.meta.url), "utf8"),
);

export default defineConfig({
  title: "VentoStack Auth",
  description: "Server-side sessions for Bun",
  outDir: "../dist",
  cleanUrls: true,
  lastUpdated: false,
  // What the repository shows as a link, the site shows as one: a dead one fails the build.
  ignoreDeadLinks: [/^https?:\/\/localhost/],
  markdown: { anchor: { slugify: slugOf }, theme: { light: "github-light", dark: "github-dark" } },
  // No font, script or picture comes from another host.
  head: [["meta", { name: "color-scheme", content: "light dark" }]],
  themeConfig: {
    search: {
      provider: "local",
      options: {
        locales: {
          zh: {
            translations: {
              button: { buttonText: "搜索", buttonAriaLabel: "搜索" },
              modal: {
                noResultsText: "没有结果",
                resetButtonTitle: "清除",
                footer: { selectText: "选择", navigateText: "移动", closeText: "关闭" },
              },
            },
          },
        },
      },
    },
    outline: [2, 3],
  },
  locales: {
    root: {
      label: "English",
      lang: "en",
      themeConfig: {
        nav: [
          { text: "Guide", link: "/getting-started" },
          { text: "Redis", link: "/redis" },
          { text: "Troubleshooting", link: "/troubleshooting" },
          { text: "API", link: "/api/" },
        ],
        sidebar: navigation.en,
      },
    },
    zh: {
      label: "中文",
      lang: "zh-CN",
      description: "Bun 的服务端会话",
      themeConfig: {
        nav: [
          { text: "入门", link: "/zh/getting-started" },
          { text: "Redis", link: "/zh/redis" },
        ],
        sidebar: { "/zh/": navigation.zh },
        outline: { level: [2, 3], label: "本页" },
        docFooter: { prev: "上一页", next: "下一页" },
        darkModeSwitchLabel: "外观",
        sidebarMenuLabel: "目录",
        returnToTopLabel: "回到顶部",
        langMenuLabel: "语言",
      },
    },
  },
});
