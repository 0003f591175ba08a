import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

const options = {
  store: { type: "string" },
  "key-prefix": { type: "string" },
  table: { type: "string" },
  prefix: { type: "string" },
  "plain-ids": { type: "boolean" },
  user: { type: "string" },
  handle: { type: "string" },
  data: { type: "boolean" },
  "read-only": { type: "boolean" },
  strict: { type: "boolean" },
  app: { type: "string" },
  body: { type: "string" },
  "set-cookie": { type: "string" },
  "cookie-name": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

type OptionName = keyof typeof options;

/** Which options each command takes, besides those that all take. */
const COMMANDS = {
  stats: [],
  list: ["user", "data"],
  revoke: ["user", "handle"],
  prune: [],
  doctor: ["read-only", "strict", "app", "body", "set-cookie", "cookie-name"],
} as const satisfies Record<string, readonly OptionName[]>;

const COMMON: readonly OptionName[] = [
  "store",
  "key-prefix",
  "table",
  "prefix",
  "plain-ids",
  "json",
  "help",
  "version",
];

export type CommandName = keyof typeof COMMANDS;

export type Options = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

export interface CommandLine {
  /** `undefined`: none was named. */
  readonly command: CommandName | undefined;
  readonly options: Options;
}

/** Throws a `UsageError`. */
export function readArguments(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [command, ...rest] = positionals;
  if (command === undefined) return { command, options: values };
  if (!isCommand(command)) {
    throw new UsageError(`There is no command ${command}; there are ${Object.keys(COMMANDS).join(", ")}.`);
  }
  const [surplus] = rest;
  if (surplus !== undefined) {
    throw new UsageError(`"${surplus}" stands alone: ${command} takes options only, such as --store URL.`);
  }
  const known: readonly string[] = [...COMMON, ...COMMANDS[command]];
  const foreign = Object.keys(values).find((name) => !known.includes(name));
  if (foreign !== undefined) throw new UsageError(`The command ${command} has no option --${foreign}.`);
  return { command, options: values };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: withHandleJoined(args), options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** One handle in 64 begins with `-`, and would be taken for an option: in one word with its own it is not. */
function withHandleJoined(args: readonly string[]): string[] {
  const at = args.indexOf("--handle");
  const handle = args[at + 1];
  if (at === -1 || handle === undefined || !/^-[\w-]{42}$/.test(handle)) return [...args];
  return args.toSpliced(at, 2, `--handle=${handle}`);
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
