import { describe, expect, test } from "bun:test";
import { checkPrefix, joinPaths, pathShape } from "./path.ts";

describe("joinPaths", () => {
  test.each([
    ["/", "/", "/"],
    ["/", "/users", "/users"],
    ["/", "/users/", "/users/"],
    ["/api", "/", "/api"],
    ["/api", "/users/:id", "/api/users/:id"],
    ["/users/:user-id", "/*", "/users/:user-id/*"],
    ["/", "/caf%C3%A9/a.b~c@d", "/caf%C3%A9/a.b~c@d"],
  ])("%s and %s are %s", (prefix, path, joined) => {
    expect(joinPaths(prefix, path)).toBe(joined);
  });

  test.each(["users", "", "*", ":id"])("refuses %p, which starts with no slash", (path) => {
    expect(() => joinPaths("/api", path)).toThrow(`The path "${path}" does not start with "/".`);
  });

  test.each([
    "/a/*/b",
    "/a*",
    "/**",
    "/a:b",
    "/:",
    "/:id?",
    "/:a-:b",
    "//a",
    "/a//b",
    "/a?b",
    "/a#b",
    "/a b",
    "/é",
  ])("refuses %p, which Bun would match otherwise than it reads", (path) => {
    expect(() => joinPaths("/", path)).toThrow(`The path ${JSON.stringify(path)} has a segment`);
  });

  test("refuses a parameter's name that the prefix has already", () => {
    expect(() => joinPaths("/users/:id", "/posts/:id")).toThrow("two parameters of one name");
  });
});

describe("checkPrefix", () => {
  test.each(["/", "/api", "/users/:id"])("takes %s", (prefix) => {
    expect(() => checkPrefix(prefix)).not.toThrow();
  });

  test.each(["/api/", "/*", "api", ""])("refuses %p", (prefix) => {
    expect(() => checkPrefix(prefix)).toThrow(JSON.stringify(prefix));
  });
});

test("pathShape forgets what parameters are called", () => {
  expect(pathShape("/users/:id/posts/:post-id")).toBe("/users/:/posts/:");
  expect(pathShape("/users/:name/posts/:n")).toBe(pathShape("/users/:id/posts/:post-id"));
  expect(pathShape("/users/me")).toBe("/users/me");
});
