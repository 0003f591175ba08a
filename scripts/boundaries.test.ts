import { describe, expect, test } from "bun:test";
import { checkBoundaries } from "./boundaries.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { formatViolation } from "./lib/violation.ts";

/** A small workspace in which nothing is wrong. */
const sound = {
  ...manifest("auth-core", []),
  "packages/auth-core/src/index.ts": 'export { a } from "./lib/a.ts";\n',
  "packages/auth-core/src/lib/a.ts": 'import { hash } from "node:crypto";\nexport const a = hash;\n',
  "packages/auth-core/src/lib/long.ts": `${"\n".repeat(299)}export const a = 1;\n`,
  ...manifest("store-memory", ["@ventostack/auth-core"]),
  "packages/store-memory/src/index.ts":
    '// Why.\nexport * from "./lib/store.ts";\nexport type { A } from "./lib/a.ts";\n',
  "packages/store-memory/src/lib/store.ts": 'import type { A } from "@ventostack/auth-core";\n',
  "packages/store-memory/src/lib/store.test.ts":
    'import "@ventostack/auth";\nimport "fast-check";\nimport "../index.ts";\n',
  ...manifest("middleware-cookie", ["@ventostack/auth-core"], ["hono"]),
  "packages/middleware-cookie/src/hono.ts": 'export { a } from "./lib/hono/sessions.ts";\n',
  "packages/middleware-cookie/src/lib/hono/sessions.ts":
    'import { a } from "@ventostack/auth-core";\nimport { Hono } from "hono/tiny";\n',
  ...manifest("auth", ["@ventostack/auth-core", "@ventostack/store-memory", "@ventostack/middleware-cookie"]),
  "packages/auth/src/index.ts":
    'export * from "@ventostack/auth-core";\nexport * from "@ventostack/store-memory";\n',
  "examples/login/app.ts": 'import { a } from "@ventostack/auth";\n',
  "bench/memory.ts": 'import { a } from "../packages/auth/src/index.ts";\n',
};

function manifest(folder: string, dependencies: string[], peers: string[] = []): Record<string, string> {
  const toRanges = (names: string[]) => Object.fromEntries(names.map((name) => [name, "*"]));
  const content = {
    name: `@ventostack/${folder}`,
    dependencies: toRanges(dependencies),
    peerDependencies: toRanges(peers),
    peerDependenciesMeta: Object.fromEntries(peers.map((name) => [name, { optional: true }])),
  };
  return { [`packages/${folder}/package.json`]: JSON.stringify(content) };
}

/** What the check prints for the sound workspace with these files in it. */
function violationsOf(files: Record<string, string>): string[] {
  using folder = temporaryFolder({ ...sound, ...files });
  return checkBoundaries(folder.path).map(formatViolation);
}

test("nothing is wrong with a workspace that keeps the rules", () => {
  expect(violationsOf({})).toEqual([]);
});

describe("refuses", () => {
  const cases: [name: string, files: Record<string, string>, violation: string][] = [
    [
      "a core that imports another package",
      {
        ...manifest("auth-core", ["@ventostack/store-memory"]),
        "packages/auth-core/src/lib/a.ts": 'import type { A } from "@ventostack/store-memory";\n',
      },
      "packages/auth-core/src/lib/a.ts:1 imports @ventostack/store-memory, which auth-core may not",
    ],
    [
      "a router that imports another package",
      {
        ...manifest("router", ["@ventostack/auth-core"]),
        "packages/router/src/lib/a.ts": 'import "@ventostack/auth-core";\n',
      },
      "packages/router/src/lib/a.ts:1 imports @ventostack/auth-core, which router may not",
    ],
    [
      "a store that loads the core",
      {
        "packages/store-memory/src/lib/store.ts":
          'import type { A } from "@ventostack/auth-core";\nimport {\n  type B,\n} from "@ventostack/auth-core";\n',
      },
      'packages/store-memory/src/lib/store.ts:2 loads @ventostack/auth-core: use "import type"',
    ],
    [
      "a store that loads the core later",
      {
        "packages/store-memory/src/lib/store.ts": '\n  const core = await import("@ventostack/auth-core");\n',
      },
      'packages/store-memory/src/lib/store.ts:2 loads @ventostack/auth-core: use "import type"',
    ],
    [
      "a store that imports another package's types",
      {
        ...manifest("store-memory", ["@ventostack/auth-core", "@ventostack/auth"]),
        "packages/store-memory/src/lib/store.ts": 'import type { A } from "@ventostack/auth";\n',
      },
      "packages/store-memory/src/lib/store.ts:1 imports @ventostack/auth, which store-memory may not",
    ],
    [
      "a middleware that imports a store",
      {
        ...manifest("middleware-cookie", ["@ventostack/store-memory"]),
        "packages/middleware-cookie/src/lib/hono/sessions.ts": 'import "@ventostack/store-memory";\n',
      },
      "packages/middleware-cookie/src/lib/hono/sessions.ts:1 imports @ventostack/store-memory, which middleware-cookie may not",
    ],
    [
      "a cache that imports more than the Redis store",
      {
        ...manifest("cache", ["@ventostack/auth"]),
        "packages/cache/src/index.ts": 'export * from "@ventostack/auth";\n',
      },
      "packages/cache/src/index.ts:1 imports @ventostack/auth, which cache may not",
    ],
    [
      "the package that gathers the others importing one that it does not gather",
      {
        ...manifest("router", []),
        ...manifest("auth", ["@ventostack/router"]),
        "packages/auth/src/index.ts": 'export * from "@ventostack/router";\n',
      },
      "packages/auth/src/index.ts:1 imports @ventostack/router, which auth may not",
    ],
    [
      "a new package without a rule",
      {
        ...manifest("new", ["@ventostack/auth"]),
        "packages/new/src/lib/a.ts": 'import "@ventostack/auth";\n',
      },
      "packages/new/src/lib/a.ts:1 is in a package without a rule: add one for new",
    ],
    [
      "a package that imports itself by name",
      { "packages/auth-core/src/lib/a.ts": 'import "@ventostack/auth-core";\n' },
      "packages/auth-core/src/lib/a.ts:1 imports its own package",
    ],
    [
      "an example that reaches into a package by its path",
      { "examples/login/app.ts": '\nimport { a } from "../../packages/auth-core/src/lib/a.ts";\n' },
      "examples/login/app.ts:2 reaches into a package with ../../packages/auth-core/src/lib/a.ts",
    ],
    [
      "a benchmark that reaches into a package by its name",
      { "bench/deep/a.ts": 'import { a } from "@ventostack/auth-core/src/lib/a.ts";\n' },
      "bench/deep/a.ts:1 reaches into a package with @ventostack/auth-core/src/lib/a.ts",
    ],
    [
      "documentation that reaches into a package",
      { "docs/setups/a.ts": 'import { a } from "../../packages/auth-core/src/lib/a.ts";\n' },
      "docs/setups/a.ts:1 reaches into a package with ../../packages/auth-core/src/lib/a.ts",
    ],
    [
      "an import of the index from below",
      { "packages/auth-core/src/lib/a.ts": 'export { b } from "../index.ts";\n' },
      "packages/auth-core/src/lib/a.ts:1 imports upward from ../index.ts",
    ],
    [
      "another package's source by a relative path, in a test as well",
      { "packages/auth/src/a.test.ts": 'import { a } from "../../auth-core/src/index.ts";\n' },
      "packages/auth/src/a.test.ts:1 leaves its package with ../../auth-core/src/index.ts",
    ],
    [
      "an import that is not declared",
      { "packages/auth-core/src/lib/a.ts": 'import type { A } from "redis/client";\n' },
      "packages/auth-core/src/lib/a.ts:1 imports redis: add it to the dependencies in packages/auth-core/package.json",
    ],
    [
      "an optional peer outside the folder of its name",
      { "packages/middleware-cookie/src/lib/a.ts": 'import type { Hono } from "hono";\n' },
      "packages/middleware-cookie/src/lib/a.ts:1 imports hono, an optional peer, which packages/middleware-cookie/src/lib/hono alone may",
    ],
    [
      "an import of a file that only tests have",
      { "packages/auth-core/src/lib/a.ts": 'import { b } from "./b.test-kit.ts";\n' },
      "packages/auth-core/src/lib/a.ts:1 imports ./b.test-kit.ts, which is not published",
    ],
    [
      "code in an index",
      { "packages/auth-core/src/index.ts": 'export { a } from "./lib/a.ts";\nexport const b = 1;\n' },
      'packages/auth-core/src/index.ts holds more than re-exports ("export const b = 1;")',
    ],
    [
      "code in another exported file",
      { "packages/auth-core/src/more.ts": 'import "./lib/a.ts";\n' },
      'packages/auth-core/src/more.ts holds more than re-exports ("import "./lib/a.ts";")',
    ],
    [
      "a long file",
      { "packages/auth-core/src/lib/a.ts": `${"\n".repeat(300)}export const a = 1;\n` },
      "packages/auth-core/src/lib/a.ts has 301 lines, of at most 300",
    ],
  ];
  test.each(cases)("%s", (_name, files, violation) => {
    const violations = violationsOf(files);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toStartWith(violation);
  });
});

test("says nothing of a quoted import, or of a long test", () => {
  const files = {
    "packages/auth-core/src/lib/a.ts": '/**\n * import { b } from "redis";\n */\n// await import("redis")\n',
    "packages/auth-core/src/lib/a.test.ts": "\n".repeat(400),
  };
  expect(violationsOf(files)).toEqual([]);
});
