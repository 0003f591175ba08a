import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const folder = mkdtempSync(join(tmpdir(), "sessions-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
