import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";

interface Source {
  readonly debian: string;
  readonly homebrew: string;
  /** Where Debian puts what is not on the path, the newest last. */
  readonly files?: string;
}

/** The programs that tests start, and the packages that they come from. */
const sources = {
  "redis-server": { debian: "redis-server", homebrew: "redis" },
  postgres: { debian: "postgresql", homebrew: "postgresql", files: "usr/lib/postgresql/*/bin/postgres" },
  mariadbd: { debian: "mariadb-server", homebrew: "mariadb", files: "usr/sbin/mariadbd" },
  chromium: { debian: "chromium", homebrew: "--cask chromium" },
} satisfies Record<string, Source>;

export type ServerProgram = keyof typeof sources;

export const serverPrograms = Object.keys(sources) as ServerProgram[];

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
  const path = find(program);
  if (path !== undefined) return path;
  const line = installLine(program);
  if (process.getuid?.() !== 0 || Bun.which("apt-get") === null) {
    throw new Error(`The tests need ${program}, which is not installed. Install it with: ${line}`);
  }
  console.error(`Installing ${program}, which the tests need.`);
  await install(sources[program].debian, line);
  const installed = find(program);
  if (installed === undefined) throw new Error(`${program} is still missing after: ${line}`);
  return installed;
}

function find(program: ServerProgram): string | undefined {
  const { files }: Source = sources[program];
  const onPath = Bun.which(program);
  if (onPath !== null || files === undefined) return onPath ?? undefined;
  const found = [...new Bun.Glob(files).scanSync({ cwd: "/", absolute: true, followSymlinks: true })];
  return found.sort((one, other) => one.localeCompare(other, "en", { numeric: true })).at(-1);
}

/** What a person would type. */
function installLine(program: ServerProgram): string {
  const { debian, homebrew } = sources[program];
  if (process.platform === "darwin") return `brew install ${homebrew}`;
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${debian}`;
}

// Others may be installing too: wait for them.
const APT = ["apt-get", "-o", "DPkg::Lock::Timeout=120"];
const POLICY = "/usr/sbin/policy-rc.d";
let updated: ReturnType<typeof run> | undefined;

async function install(name: string, line: string): Promise<void> {
  // Fails also when one source of many cannot be reached: what counts is whether the package installs.
  updated ??= run([...APT, "update"]);
  const update = await updated;
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
