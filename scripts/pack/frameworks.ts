import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parsePage } from "../docs/page.ts";
import { bun, run, tsc } from "../lib/command.ts";
import { packageOf, scanImports } from "../lib/imports.ts";
import { repository } from "../lib/workspace.ts";
import { isTheirs, linkPackage, strictest } from "./consumer.ts";

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
 * Pastes each program of docs/frameworks.md into the project that has the tarballs installed, compiles all, and signs in to each
 * over HTTP. The frameworks are the workspace's own copies.
 */
export async function tryFrameworks(folder: string): Promise<void> {
  const page = "docs/frameworks.md";
  const all = readFirstSteps(page, readFileSync(join(repository, page), "utf8"));
  if (all.length < 5) throw new Error(`${page} shows the first steps of ${all.length} frameworks, of 5.`);
  for (const steps of all) {
    const missing = missingPackages(steps);
    if (missing.length > 0)
      throw new Error(`${page}, ${steps.heading}: bun add does not name ${missing.join(", ")}.`);
    for (const name of steps.installed) linkPackage(folder, name, "packages/middleware-cookie");
  }
  const files = all.map(({ program }, index) => {
    writeFileSync(join(folder, `framework${index}.ts`), `${program}\nexport {};\n`);
    return `framework${index}.ts`;
  });
  writeFileSync(
    join(folder, "tsconfig.frameworks.json"),
    JSON.stringify({ compilerOptions: { ...strictest, skipLibCheck: true }, files }),
  );
  const { output } = await run([...tsc, "-p", "tsconfig.frameworks.json"], { cwd: folder });
  const errors = output.split("\n").filter((line) => line.includes("error TS") && !isTheirs(line));
  if (errors.length > 0) throw new Error(`The first steps of ${page} do not compile.\n${errors.join("\n")}`);
  await Promise.all(all.map(({ heading }, index) => signIn(folder, heading, files[index] ?? "")));
}

async function signIn(folder: string, heading: string, file: string): Promise<void> {
  const port = freePort();
  const child = Bun.spawn([bun, "--no-install", file], {
    cwd: folder,
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
