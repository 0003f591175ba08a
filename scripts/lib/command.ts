import { join } from "node:path";
import { repository } from "./workspace.ts";

export interface CommandOptions {
  readonly cwd?: string;
  /** Milliseconds after which the command is ended, and counts as failed. Default: four minutes. */
  readonly timeout?: number;
  /** Also print what the command prints, as it comes. */
  readonly echo?: boolean;
}

export interface CommandResult {
  readonly ok: boolean;
  /** What it wrote to stdout and stderr, without colours. */
  readonly output: string;
}

/** Runs a command to its end. What it prints is collected, so that commands can run side by side. */
export async function run(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd = repository, timeout = 240_000, echo = false } = options;
  const child = Bun.spawn([...command], { cwd, timeout, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  let output = "";
  async function collect(from: ReadableStream<Uint8Array>, to: NodeJS.WriteStream): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of from) {
      output += decoder.decode(bytes, { stream: true });
      if (echo) to.write(bytes);
    }
  }
  const collected = Promise.all([
    collect(child.stdout, process.stdout),
    collect(child.stderr, process.stderr),
  ]);
  await child.exited;
  // Something it left running may hold the pipes open for ever.
  await Promise.race([collected, Bun.sleep(2000)]);
  if (child.signalCode) output += `\nEnded by ${child.signalCode}; the time limit is ${timeout / 1000} s.`;
  return { ok: child.exitCode === 0, output: Bun.stripANSI(output).trim() };
}

/** The Bun that runs this program: there may be no other, and no Node.js, on the PATH. */
export const bun = process.execPath;
export const tsc = [bun, join(repository, "node_modules/typescript/bin/tsc"), "--pretty", "false"];
export const biome = [bun, join(repository, "node_modules/@biomejs/biome/bin/biome")];
