import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { doctor } from "./commands/doctor.ts";
import { list } from "./commands/list.ts";
import { prune } from "./commands/prune.ts";
import { revoke } from "./commands/revoke.ts";
import { stats } from "./commands/stats.ts";
import { help } from "./help.ts";
import type { Output } from "./output/output.ts";
import { withoutPassword } from "./output/without-password.ts";
import { openStore } from "./stores/open-store.ts";
import { UsageError } from "./usage-error.ts";
import { version } from "./version.ts";

export type { Output };

const commands = { stats, list, revoke, prune, doctor } satisfies Record<string, Command>;

const USAGE = 2;
const STORE_FAILED = 3;

/** Runs one command, and gives the exit code. Never rejects. */
export async function runCommandLine(args: readonly string[], output: Output): Promise<number> {
  let url: string | undefined;
  try {
    const { command, options } = readArguments(args);
    if (options.version) {
      output.out(`${version}\n`);
      return 0;
    }
    if (options.help || command === undefined) {
      (options.help ? output.out : output.error)(help);
      return options.help ? 0 : USAGE;
    }
    url = options.store ?? output.environment.SESSION_STORE;
    if (url === undefined || url === "") {
      throw new UsageError("Which store? Pass --store URL, or set SESSION_STORE.");
    }
    const inspected = openStore({ url, keyPrefix: options["key-prefix"], table: options.table });
    try {
      const { json, text, exitCode = 0 } = await commands[command]({ options, output, inspected });
      output.out(options.json ? `${JSON.stringify(json, null, 2)}\n` : text);
      return exitCode;
    } finally {
      await inspected.close();
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    output.error(`${withoutPassword(message, url)}\n`);
    const isUsage = error instanceof UsageError || codeOf(error) === "INVALID_OPTION";
    if (isUsage) output.error("`ventostack-auth --help` shows what there is.\n");
    return isUsage ? USAGE : STORE_FAILED;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
