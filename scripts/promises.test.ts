import { expect, test } from "bun:test";
import { join } from "node:path";
import { temporaryFolder } from "./lib/temporary-folder.ts";
import { repository } from "./lib/workspace.ts";
import { findPromises } from "./promises.ts";

/** Each line by itself, in a function that has some promises at hand. */
async function linesFound(lines: readonly string[]): Promise<number[]> {
  using folder = temporaryFolder({
    "tsconfig.json": JSON.stringify({
      extends: join(repository, "tsconfig.json"),
      compilerOptions: { typeRoots: [join(repository, "node_modules")] },
      include: ["*.ts"],
    }),
    "node_modules/dependency/package.json": '{ "exports": { ".": { "bun": "./index.ts" } } }',
    "node_modules/dependency/index.ts": "export async function save(): Promise<void> {}",
    "file.ts": `${lines.join("\n")}
      import { expect } from "bun:test";
      import { save } from "dependency";
      declare const flag: boolean;
      declare function maybe(): Promise<void> | void;`,
  });
  return (await findPromises(folder.path)).map(({ line }) => line ?? 0);
}

test("finds what nobody waits for", async () => {
  const lines = [
    "save();",
    "Bun.sleep(1);",
    "if (flag) save().then(() => {});",
    "flag && save();",
    "maybe();",
    "expect(save()).rejects.toThrow();",
    "save().finally(() => {});",
    "export function later() { setTimeout(() => { save(); }); }",
  ];
  expect(await linesFound(lines)).toEqual(lines.map((_, index) => index + 1));
});

test("leaves alone what is waited for, handled or declared to be of no interest", async () => {
  const lines = [
    "await save();",
    "void save();",
    "save().catch(() => {});",
    "save().then(() => {}, () => {});",
    "export let saved = save();",
    "saved = save();",
    "await expect(save()).rejects.toThrow();",
    "expect(1).toBe(1);",
    "console.log(save);",
  ];
  expect(await linesFound(lines)).toEqual([]);
});
