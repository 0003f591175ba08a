import { expect, test } from "bun:test";
import { Glob } from "bun";

const folder = `${import.meta.dir}/../.changeset`;
const HEAD = /^---\n(?:"@ventostack\/[a-z-]+": (?:patch|minor|major)\n)+---\n\n\S/;

test("every note of a change begins with the packages that it is about, as changesets reads them", async () => {
  for await (const file of new Glob("*.md").scan({ cwd: folder, dot: true })) {
    expect([file, (await Bun.file(`${folder}/${file}`).text()).slice(0, 200)]).toEqual([
      file,
      expect.stringMatching(HEAD),
    ]);
  }
});
