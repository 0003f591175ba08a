import { runCommandLine } from "../index.ts";
import type { Finding } from "./doctor/finding.ts";

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

export interface RunOptions {
  readonly isTerminal?: boolean;
  /** `SESSION_STORE`. */
  readonly store?: string;
}

export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ran = { out: "", error: "" };
  const exitCode = await runCommandLine(args, {
    out: (text) => {
      ran.out += text;
    },
    error: (text) => {
      ran.error += text;
    },
    isTerminal: options.isTerminal ?? false,
    environment: { SESSION_STORE: options.store },
  });
  return { exitCode, ...ran };
}

export interface Diagnosis {
  readonly exitCode: number;
  /** What is not as it should be, by the name of the check. */
  readonly found: Readonly<Record<string, Finding>>;
}

export async function diagnose(store: string, ...args: readonly string[]): Promise<Diagnosis> {
  const { exitCode, out, error } = await run(["doctor", "--json", ...args], { store });
  if (error !== "") throw new Error(error);
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  const wrong = findings.filter(({ level }) => level !== "ok");
  return { exitCode, found: Object.fromEntries(wrong.map((finding) => [finding.check, finding])) };
}
