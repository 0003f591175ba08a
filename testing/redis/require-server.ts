import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";

/** The Debian package that each program comes from. */
const packages = { "redis-server": "redis-server" } as const;

export type ServerProgram = keyof typeof packages;

export const serverPrograms = Object.keys(packages) as ServerProgram[];

const found = new Map<ServerProgram, Promise<string>>();

/**
 * The path of the program. When it is missing it is installed, if this is root on a Debian; otherwise it rejects with
 * the line that installs it. It never lets a test be left out.
 */
export function requireServer(program: ServerProgram): Promise<string> {
  const known = found.get(program);
  if (known !== undefined) return known;
  const path = findOrInstall(program);
  found.set(program, path);
  // Another attempt may find it.
  path.catch(() => found.delete(program));
  return path;
}

async function findOrInstall(program: ServerProgram): Promise<string> {
  const path = Bun.which(program);
  if (path !== null) return path;
  const line = installLine(program);
  if (process.getuid?.() !== 0 || Bun.which("apt-get") === null) {
    throw new Error(`The tests need ${program}, which is not installed. Install it with: ${line}`);
  }
  console.error(`Installing ${program}, which the tests need.`);
  await install(packages[program], line);
  const installed = Bun.which(program);
  if (installed === null) throw new Error(`${program} is still missing after: ${line}`);
  return installed;
}

/** What a person would type. */
function installLine(program: ServerProgram): string {
  if (process.platform === "darwin") return "brew install redis";
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[program]}`;
}

// Others may be installing too: wait for them.
const APT = ["apt-get", "-o", "DPkg::Lock::Timeout=120"];
const POLICY = "/usr/sbin/policy-rc.d";

async function install(name: string, line: string): Promise<void> {
  // Fails also when one source of many cannot be reached: what counts is whether the package installs.
  const update = await run([...APT, "update"]);
  // The tests start servers of their own. 101 tells the package's scripts that starting a service is forbidden.
  const isPolicyOurs = !existsSync(POLICY);
  if (isPolicyOurs) await writeFile(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    const result = await run([...APT, "install", "-y", "--no-install-recommends", name]);
    if (result.ok) return;
    throw new Error(`${name} could not be installed by: ${line}\n${update.output}\n${result.output}`);
  } finally {
    if (isPolicyOurs) await rm(POLICY, { force: true });
  }
}

async function run(command: string[]): Promise<{ ok: boolean; output: string }> {
  const child = Bun.spawn(command, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { ok: (await child.exited) === 0, output: output.join("").trim() };
}
