import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { bun, run } from "./lib/command.ts";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { repository } from "./lib/workspace.ts";
import { lintTarball } from "./pack/lint-tarball.ts";
import { checkSize } from "./pack/size.ts";
import { checkTarball, readTarball } from "./pack/tarball.ts";
import { vendor } from "./pack/vendor.ts";

describe("a tarball", () => {
  const manifest = {
    name: "one",
    exports: { ".": { bun: "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" } },
    dependencies: { "@ventostack/auth-core": "0.1.0", redis: "6.3.1" },
  };
  const paths = ["README.md", "LICENSE", "src/index.ts", "dist/index.d.ts", "dist/index.js"];

  function complaints(change: {
    manifest?: object;
    without?: string;
    files?: Record<string, string>;
  }): string[] {
    const files = new Map(paths.map((path) => [path, ""]));
    for (const [path, text] of Object.entries(change.files ?? {})) files.set(path, text);
    files.delete(change.without ?? "");
    return checkTarball({ manifest: { ...manifest, ...change.manifest }, files }).map(
      ({ message }) => message,
    );
  }

  test("with everything in it is accepted", () => {
    expect(complaints({})).toEqual([]);
  });

  test.each(paths)("without %s is refused", (path) => {
    expect(complaints({ without: path })).toEqual([`lacks ${path}`]);
  });

  test.each(["src/lib/a.test.ts", "src/lib/a.test-kit.ts"])("with %s is refused", (path) => {
    expect(complaints({ files: { [path]: "" } })).toEqual([`contains the test ${path}: see "files"`]);
  });

  test.each(["workspace:*", "catalog:", "catalog:peers", "file:../a"])(
    "with a dependency on %s is refused",
    (range) => {
      expect(complaints({ manifest: { dependencies: { a: range } } })).toHaveLength(1);
      expect(complaints({ manifest: { peerDependencies: { a: range } } })).toHaveLength(1);
    },
  );

  test("with a path of this machine is refused", () => {
    const files = { "dist/index.js": `// ${join(repository, "packages/one/src/index.ts")}` };
    expect(complaints({ files })).toEqual(["names a path of this machine in dist/index.js"]);
  });
});

describe("publint and the look at the types", () => {
  const manifest = {
    name: "one",
    version: "1.0.0",
    license: "MIT",
    type: "module",
    files: ["dist"],
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  };

  async function lint(fields: object, declarations = "export declare const one: number;"): Promise<string[]> {
    using folder = temporaryFolder({
      "package.json": JSON.stringify({ ...manifest, ...fields }),
      "dist/index.js": "export const one = 1;",
      "dist/index.d.ts": declarations,
    });
    const pack = await run([bun, "pm", "pack", "--quiet"], { cwd: folder.path });
    const violations = await lintTarball(await readTarball(join(folder.path, pack.output)));
    return violations.map(({ message }) => message);
  }

  test("find nothing in a sound package", async () => {
    expect(await lint({})).toEqual([]);
  });

  test("find an entry whose types come too late to be seen", async () => {
    const late = { default: "./dist/index.js", types: "./dist/index.d.ts" };
    const found = await lint({ exports: { ".": late } });
    expect(found).toContainEqual(expect.stringMatching(/^publint: .*types/));
  });

  test("find declarations that import a file which is not there", async () => {
    const found = await lint({}, 'export { one } from "./one.js";');
    expect(found).toContainEqual(expect.stringContaining("InternalResolutionError"));
  });
});

test("a package above its limit of size is refused", () => {
  const size = { name: "@ventostack/cache", minified: 1000 };
  expect(checkSize({ ...size, gzipped: 200 })).toEqual([]);
  expect(checkSize({ ...size, gzipped: 201 })).toHaveLength(1);
});

test("what a package needs is copied with what that needs, ready to be installed without a registry", async () => {
  using folder = temporaryFolder();
  const copies = vendor(repository, ["tough-cookie"], join(folder.path, "vendor"));
  expect([...copies.keys()].sort()).toEqual(["tldts", "tldts-core", "tough-cookie"]);
  const entries = [...copies].map(([name, copy]) => [name, `file:${copy}`]);
  const project = { dependencies: { "tough-cookie": "*" }, overrides: Object.fromEntries(entries) };
  await Bun.write(join(folder.path, "package.json"), JSON.stringify(project));
  const install = [bun, "install", "--offline", "--cache-dir", join(folder.path, "cache")];
  expect((await run(install, { cwd: folder.path })).output).toContain("3 packages installed");
  const program = 'import { Cookie } from "tough-cookie"; console.log(Cookie.parse("a=b").key)';
  expect((await run([bun, "--no-install", "-e", program], { cwd: folder.path })).output).toBe("a");
});
