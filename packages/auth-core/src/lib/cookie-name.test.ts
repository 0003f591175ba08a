import { expect, test } from "bun:test";
import { isCookieName } from "./cookie-name.ts";

test.each(["sid", "__Host-sid", "a", "!#$%&'*+-.^_`|~9"])("a cookie may be named %s", (name) => {
  expect(isCookieName(name)).toBe(true);
});

test.each<[unknown]>([
  [""],
  ["a b"],
  ["a;b"],
  ["a=b"],
  ["a\n"],
  ["ü"],
  ["\u00a0sid"],
  ["(a)"],
  [7],
  [undefined],
])("and not %p", (name) => {
  expect(isCookieName(name)).toBe(false);
});
