import { describe, expect, test } from "bun:test";
import { checkOptionNames } from "./option-check.ts";

describe("an option that is none is refused, by its name", () => {
  const known = ["ttl", "absoluteTtl", "cookieName", "hashIds"];
  const refusal = (name: string): string => {
    try {
      checkOptionNames({ ttl: 1, [name]: undefined }, known);
    } catch (error) {
      return error instanceof Error ? error.message : "no error";
    }
    return "taken";
  };

  test.each([
    ["tl", "ttl"],
    ["TTL", "ttl"],
    ["absoluteTTl", "absoluteTtl"],
    ["absolutTtl", "absoluteTtl"],
    ["cookiename", "cookieName"],
    ["cookieNmae", "cookieName"],
    ["hashId", "hashIds"],
  ])("%s was probably to be %s", (name, meant) => {
    expect(refusal(name)).toBe(`There is no option ${name}; did you mean ${meant}?`);
  });

  test.each(["maxAge", "secret", "toString", "__proto"])("%s resembles none: all are named", (name) => {
    expect(refusal(name)).toBe(
      `There is no option ${name}; the options are ttl, absoluteTtl, cookieName, hashIds.`,
    );
  });

  test("and those that are known are taken", () => {
    expect(refusal("hashIds")).toBe("taken");
  });
});
