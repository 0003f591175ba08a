import { openRawConnection, type RawConnectionOptions } from "./raw-connection.ts";
import type { Reply } from "./resp.ts";
import { until } from "./until.ts";

export interface MonitoredCommand {
  /** In capitals. */
  readonly name: string;
  readonly args: readonly string[];
  /** The address of the client; `lua` for what a script has called. */
  readonly client: string;
}

export interface Monitor {
  /** What the server has executed so far, as it reports it. */
  readonly commands: readonly MonitoredCommand[];
  /** Everything up to now, in order. */
  stop(): Promise<readonly MonitoredCommand[]>;
}

/** Records the commands that a server executes, of all clients. */
export async function startMonitor(port: number, options: RawConnectionOptions): Promise<Monitor> {
  const commands: MonitoredCommand[] = [];
  const marker = `monitor-${crypto.randomUUID()}`;
  let isComplete = false;
  const connection = await openRawConnection(port, {
    ...options,
    onUnasked(line) {
      const command = parseLine(line);
      if (command === undefined || isComplete) return;
      if (command.args[0] === marker) isComplete = true;
      else commands.push(command);
    },
  });
  await connection.command("MONITOR");
  return {
    commands,
    async stop() {
      // The server reports in the order of execution: once it has reported this, nothing is missing.
      const other = await openRawConnection(port, options);
      await other.command("ECHO", marker);
      await until(() => isComplete, 5000, "the server reports its last command");
      other.close();
      connection.close();
      // Signing in for that is not what the test has done.
      if (options.password !== undefined && commands.at(-1)?.name === "AUTH") commands.pop();
      return commands;
    },
  };
}

// 1700000000.123456 [0 127.0.0.1:50000] "SET" "key" "value"
const LINE = /^[\d.]+ \[\d+ ([^\]]+)\] (.*)$/s;
const ARGUMENT = /"((?:[^"\\]|\\.)*)"/gs;

function parseLine(line: Reply): MonitoredCommand | undefined {
  const [, client, rest] = (typeof line === "string" && LINE.exec(line)) || [];
  if (client === undefined || rest === undefined) return undefined;
  const [name = "", ...args] = Array.from(rest.matchAll(ARGUMENT), ([, quoted = ""]) => unquote(quoted));
  return { name: name.toUpperCase(), args, client };
}

const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, b: 8 };

function unquote(quoted: string): string {
  const bytes: number[] = [];
  for (const [token, hex, escaped] of quoted.matchAll(/\\x([0-9a-f]{2})|\\(.)|[^\\]/gs)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (escaped !== undefined) bytes.push(CONTROLS[escaped] ?? escaped.charCodeAt(0));
    else bytes.push(...Buffer.from(token));
  }
  return Buffer.from(bytes).toString("utf8");
}
