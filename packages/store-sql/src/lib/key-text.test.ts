import { expect, test } from "bun:test";
import { fromKeyText, toKeyText } from "./key-text.ts";

test.each(["u1", "a-B_9", "ada@example.com", "a'b\"c`d;--", "100%"])("%p is kept as it is", (key) => {
  expect(toKeyText(key)).toBe(key);
});

test.each([
  ["a b ", "a\\u0020b\\u0020"],
  ["\0", "\\u0000"],
  ["é", "\\u00e9"],
  ["\\u00e9", "\\u005cu00e9"],
  ["😀", "\\ud83d\\ude00"],
  ["\ud800", "\\ud800"],
  ["", ""],
])("%p becomes %p, and comes back", (key, text) => {
  expect(toKeyText(key)).toBe(text);
  expect(fromKeyText(text)).toBe(key);
});
