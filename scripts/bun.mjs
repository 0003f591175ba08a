// Runs Bun with the given arguments on a machine that has only Node.js and npm, or only Bun
// (which stands in for `node` in package scripts). Installs the workspace first: that takes
// milliseconds when nothing changed, and makes a fresh clone need no other step.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const pinned = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager.split("@")[1];

/** True when `version` is the pinned one or newer. */
function isRecentEnough(version) {
  const wanted = pinned.split(".").map(Number);
  const found = version.split(".").map(Number);
  for (const [index, number] of wanted.entries()) {
    if (found[index] !== number) return found[index] > number;
  }
  return true;
}

/** What the command prints, trimmed; undefined when it cannot be run or fails. */
function output(command, args) {
  const result = spawnSync(command, args, { encoding: "utf8", shell: process.platform === "win32" });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

function findBun() {
  if (process.versions.bun && isRecentEnough(process.versions.bun)) return process.execPath;
  const installed = output("bun", ["--version"]);
  if (installed && isRecentEnough(installed)) return "bun";
  const fetched = output("npx", ["--yes", `bun@${pinned}`, "--print", "process.execPath"]);
  if (fetched) return fetched;
  console.error(
    `Bun ${pinned} or newer is needed${installed ? `, and ${installed} is installed: run "bun upgrade"` : ""}. ` +
      `Without it, "npx --yes bun@${pinned}" fetches it from the npm registry, which failed just now.`,
  );
  process.exit(1);
}

const bun = findBun();
const install = spawnSync(bun, ["install", "--frozen-lockfile", "--silent"], { cwd: root, stdio: "inherit" });
if (install.status !== 0) process.exit(install.status ?? 1);

const child = spawn(bun, process.argv.slice(2), { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// npm, when it is told to end, ends without a word to its script: then this process has another parent.
const parent = process.ppid;
setInterval(() => process.ppid === parent || child.kill("SIGTERM"), 500).unref();
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
