import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const KIT = join(import.meta.dir, "../index.ts");

/** Runs a test file of an author's, which makes a store of four methods by that function. */
async function runAuthorsTest(createStore: string): Promise<{ exitCode: number; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "author-"));
  try {
    const file = `import { describeSessionStore } from ${JSON.stringify(KIT)};
describeSessionStore("my store", ${createStore}, { time: "given" });`;
    writeFileSync(join(folder, "my.test.ts"), file);
    const runner = Bun.spawn([process.execPath, "test", "my.test.ts"], { cwd: folder, stderr: "pipe" });
    const output = (await runner.stdout.text()) + (await runner.stderr.text());
    return { exitCode: await runner.exited, output };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As text, for the file. `isLive` is all that a correct one and one that forgets the end differ in. */
const storeWith = (isLive: string): string => `({ clock }) => {
  const records = new Map();
  const read = (id) => {
    const found = records.get(id);
    return found !== undefined && ${isLive} ? JSON.parse(found) : null;
  };
  return {
    get: async (id) => read(id),
    set: async (session) => void records.set(session.id, JSON.stringify(session)),
    delete: async (id) => void records.delete(id),
    async touch(id, ttl) {
      const found = read(id);
      if (found === null) return;
      found.expiresAt = Math.max(found.expiresAt, clock() + ttl * 1000);
      records.set(id, JSON.stringify(found));
    },
  };
}`;

test("a correct store passes, and the output says what was skipped for lack of which method", async () => {
  const { exitCode, output } = await runAuthorsTest(storeWith("JSON.parse(found).expiresAt > clock()"));
  expect(output).toContain(" 0 fail");
  expect(exitCode).toBe(0);
  expect(output).toMatch(
    /^my store: \d+ cases skipped \(.*G2.*\), because the store has no method replace\.$/m,
  );
});

test("a broken one fails, with the name of the guarantee and what is wrong", async () => {
  const { exitCode, output } = await runAuthorsTest(storeWith("true"));
  expect(exitCode).toBe(1);
  expect(output).toContain("my store > G3 a session that was set lives until its expiresAt, and no longer");
  expect(output).toContain("The session is still there after its expiresAt.");
});
