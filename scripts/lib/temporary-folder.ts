import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/** A folder that is removed at the end of the block that declares it with `using`, with files in it. */
export function temporaryFolder(
  files: Readonly<Record<string, string>> = {},
  parent: string = tmpdir(),
): TemporaryFolder {
  mkdirSync(parent, { recursive: true });
  const path = realpathSync(mkdtempSync(join(parent, "ventostack-")));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
