import { describe, expect, test } from "bun:test";
import { checkExports } from "./exports.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { formatViolation } from "./lib/violation.ts";

const root = { license: "MIT", engines: { bun: ">=1" } };
const entry = { bun: "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" };
const sound = {
  ...root,
  name: "@ventostack/one",
  version: "1.0.0",
  description: "One.",
  type: "module",
  sideEffects: false,
  exports: { ".": entry },
  files: ["dist", "src", "!src/**/*.test.ts", "!src/**/*.test-kit.ts"],
};

/** What the check prints for a package with these fields, beside a second one with nothing wrong. */
function violationsOf(fields: object, files: Record<string, string> = {}): string[] {
  const second = { ...sound, name: "@ventostack/two", dependencies: { "@ventostack/one": "workspace:*" } };
  using folder = temporaryFolder({
    "package.json": JSON.stringify(root),
    "packages/one/package.json": JSON.stringify({ ...sound, ...fields }),
    "packages/one/README.md": "# One",
    "packages/one/src/index.ts": "",
    "packages/one/src/index.test.ts": "",
    "packages/two/package.json": JSON.stringify(second),
    "packages/two/README.md": "# Two",
    "packages/two/src/index.ts": "",
    ...files,
  });
  return checkExports(folder.path).map(formatViolation);
}

test("nothing is wrong with packages that keep the rules", () => {
  expect(violationsOf({})).toEqual([]);
  expect(violationsOf({ engines: { bun: ">=1", node: ">=20" } })).toEqual([]);
});

describe("refuses", () => {
  const { types, ...withoutTypes } = entry;
  const hono = { bun: "./src/hono.ts", types: "./dist/hono.d.ts", default: "./dist/hono.js" };
  const optional = { peerDependenciesMeta: { hono: { optional: true } } };
  const cases: [name: string, fields: object, violation: string][] = [
    [
      "another Node.js than the one that is tried",
      { engines: { bun: ">=1", node: ">=18" } },
      '"engines" has to be',
    ],
    ["an entry without types", { exports: { ".": withoutTypes } }, 'exports["."] has to be {"bun":'],
    [
      "conditions in another order",
      { exports: { ".": { types, ...withoutTypes } } },
      'exports["."] has to be',
    ],
    ["one condition too many", { exports: { ".": { ...entry, node: "./a.js" } } }, 'exports["."] has to be'],
    [
      "an entry for another file",
      { exports: { ".": entry, "./a": hono } },
      'exports["./a"] has to be {"bun":"./src/a.ts"',
    ],
    [
      "an entry without a file",
      { exports: { ".": entry, "./hono": hono } },
      'exports["./hono"] names ./src/hono.ts, which',
    ],
    ["another name", { name: "@ventostack/other" }, '"name" has to be "@ventostack/one"'],
    ["another license", { license: "ISC" }, '"license" has to be "MIT"'],
    ["no module type", { type: undefined }, '"type" has to be "module"'],
    ["other files", { files: ["dist"] }, '"files" has to be ["dist","src",'],
    ["another engine", { engines: { bun: "*" } }, '"engines" has to be {"bun":">=1"}'],
    ["side effects", { sideEffects: true }, '"sideEffects" has to be false'],
    ["no description", { description: "" }, '"description" is missing'],
    [
      "a range for a package of the workspace",
      { dependencies: { "@ventostack/two": "^1.0.0" } },
      '"@ventostack/two" has to be "workspace:*"',
    ],
    [
      "a package of the workspace that is not published",
      { dependencies: { "@ventostack/testing": "workspace:*" } },
      'needs "@ventostack/testing", which is not published',
    ],
    [
      "a peer that is not optional",
      { peerDependencies: { hono: ">=4" }, devDependencies: { hono: "catalog:" } },
      'needs the peer "hono": make it optional',
    ],
    [
      "a peer of one version",
      { ...optional, peerDependencies: { hono: "4.0.0" }, devDependencies: { hono: "catalog:" } },
      'has to give the peer "hono" as a range',
    ],
    [
      "a peer that is not tested with",
      { ...optional, peerDependencies: { hono: ">=4" } },
      'does not test with its peer "hono"',
    ],
  ];
  test.each(cases)("%s", (_name, fields, violation) => {
    const violations = violationsOf(fields);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toStartWith(`packages/one/package.json ${violation}`);
  });

  test("a package with another version than the first", () => {
    expect(violationsOf({ version: "1.0.1" })).toEqual([
      'packages/two/package.json "version" has to be "1.0.1"',
    ]);
    expect(violationsOf({ version: undefined })[0]).toBe(
      'packages/one/package.json "version" has to be "set"',
    );
  });

  test("a package without exports", () => {
    expect(violationsOf({ exports: undefined })).toEqual([
      'packages/one/src/index.ts is in no export: add exports["."], or move it to src/lib',
      'packages/one/package.json has no exports["."]',
    ]);
  });

  test("a file that nothing exports", () => {
    expect(violationsOf({}, { "packages/one/src/more.ts": "" })).toEqual([
      'packages/one/src/more.ts is in no export: add exports["./more"], or move it to src/lib',
    ]);
  });

  test("a package without a README", () => {
    const files = {
      "packages/three/package.json": JSON.stringify({
        ...sound,
        name: "@ventostack/three",
        exports: { ".": entry },
      }),
      "packages/three/src/index.ts": "",
    };
    expect(violationsOf({}, files)).toEqual(["packages/three/README.md is missing: the registry shows it"]);
  });
});
