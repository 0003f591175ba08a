import { expect, test } from "bun:test";
import { table } from "./table.ts";

test("columns are as wide as they look, and nothing in them steers the terminal", () => {
  const rows = [
    ["手机", "1"],
    ["\x1b[31mred\x1b[0m\r\n\u202e", "2"],
  ];
  expect(table(["NAME", "COUNT"], rows)).toBe("NAME    COUNT\n手机    1\nred     2\n");
});
