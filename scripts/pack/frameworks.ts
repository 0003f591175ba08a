import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parsePage } from "../docs/page.ts";
import { bun, run, tsc } from "../lib/command.ts";
import { packageOf, scanImports } from "../lib/imports.ts";
import { temporaryFolder } from "../lib/temporary-folder.ts";
import { type Package, repository } from "../lib/workspace.ts";
import { install, isTheirs, linkPackage, strictest } from "./consumer.ts";
import type { Tarball } from "./tarball.ts";

/** A new user's first minutes with a framework: what to install, and what to paste. */
export interface FirstSteps {
  readonly heading: string;
  readonly installed: readonly string[];
  readonly program: string;
}

const INSTALL = /^bun add (.+)$/;

/** The frameworks of the page: below a heading, a `bun add` and the program that needs no more than that. */
export function readFirstSteps(file: string, text: string): FirstSteps[] {
  const { blocks, prose } = parsePage(file, text);
  return blocks.flatMap((block, index) => {
    const [line = ""] = block.language === "sh" ? block.code : [];
    const packages = INSTALL.exec(line)?.[1];
    const next = blocks[index + 1];
    if (packages === undefined || next?.language !== "ts") return [];
    const heading = prose.slice(0, block.line).findLast((text) => text.startsWith("## ")) ?? file;
    return [{ heading: heading.slice(3), installed: packages.split(" "), program: next.code.join("\n") }];
  });
}

/** What the program imports, and `bun add` has not named. */
export function missingPackages({ installed, program }: FirstSteps): string[] {
  const names = scanImports(program).map(({ specifier }) => packageOf(specifier));
  return names.filter((name) => name !== undefined && !installed.includes(name)).map(String);
}

/**
 * What a newcomer does with docs/frameworks.md and nothing else: an empty project for each framework, what its `bun add` names and no
 * more, its program. Compiles them, starts them, and signs in and out of each over HTTP. The frameworks are the workspace's
 * own copies, the packages the tarballs.
 */
export async function tryFrameworks(
  packages: readonly Package[],
  tarballs: readonly Tarball[],
): Promise<void> {
  using folder = temporaryFolder();
  const page = "docs/frameworks.md";
  const all = readFirstSteps(page, readFileSync(join(repository, page), "utf8"));
  if (all.length < 5) throw new Error(`${page} shows the first steps of ${all.length} frameworks, of 5.`);
  for (const steps of all) {
    const missing = missingPackages(steps);
    if (missing.length > 0)
      throw new Error(`${page}, ${steps.heading}: bun add does not name ${missing.join(", ")}.`);
  }
  // One compiler for all: what an import finds goes by the project that it is in.
  const files = all.map((_, index) => `${index}/app.ts`);
  const config = { compilerOptions: { ...strictest, skipLibCheck: true }, files };
  writeFileSync(join(folder.path, "tsconfig.json"), JSON.stringify(config));
  const projects = await Promise.all(
    all.map(async ({ installed, program }, index) => {
      const project = join(folder.path, String(index));
      mkdirSync(project);
      await install(project, packages, tarballs, installed);
      for (const name of installed) linkPackage(project, name, "packages/middleware-cookie");
      writeFileSync(join(project, "app.ts"), `${program}\n`);
      return project;
    }),
  );
  const { output } = await run([...tsc, "-p", "."], { cwd: folder.path });
  const errors = output.split("\n").filter((line) => line.includes("error TS") && !isTheirs(line));
  if (errors.length > 0) throw new Error(`The first steps of ${page} do not compile.\n${errors.join("\n")}`);
  await Promise.all(projects.map((project, index) => signInAndOut(project, all[index]?.heading ?? "")));
}

async function signInAndOut(project: string, heading: string): Promise<void> {
  const port = freePort();
  const child = Bun.spawn([bun, "--no-install", "app.ts"], {
    cwd: project,
    env: { ...process.env, PORT: String(port) },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  try {
    const origin = `http://localhost:${port}`;
    const login = await whenReady(() => fetch(`${origin}/login/ada`, { method: "POST" }), child);
    const cookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const me = await fetch(`${origin}/me`, { headers: { cookie } });
    const { userId } = (await me.json()) as { userId?: unknown };
    if (userId !== "ada") throw new Error(`It answers ${me.status} to a client that has signed in.`);
    const stranger = await fetch(`${origin}/me`);
    if (stranger.status !== 401) throw new Error(`It answers ${stranger.status} to a stranger, not 401.`);
    const logout = await fetch(`${origin}/logout`, { method: "POST", headers: { cookie } });
    const [removal = "no cookie"] = logout.headers.getSetCookie();
    if (!removal.startsWith("sid=; Max-Age=0;")) throw new Error(`The log-out sends ${removal}.`);
    const after = await fetch(`${origin}/me`, { headers: { cookie } });
    if (after.status !== 401) throw new Error(`It answers ${after.status} to a client that has signed out.`);
  } catch (cause) {
    child.kill();
    const errors = await new Response(child.stderr).text();
    throw new Error(`The first steps with ${heading} do not work: ${String(cause)}\n${errors}`, { cause });
  } finally {
    child.kill();
    await child.exited;
  }
}

/** Asks until the program listens, or has ended. */
async function whenReady(ask: () => Promise<Response>, child: Bun.Subprocess): Promise<Response> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (child.exitCode !== null) throw error;
      await setTimeout(20);
    }
  }
}

function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  return port;
}
