import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { requireServer } from "../require-server.ts";
import { getGuardian, sendSignal } from "./guardian.ts";
import { pickPort } from "./ports.ts";
import { openRawConnection } from "./raw-connection.ts";
import { until } from "./until.ts";

export interface ServerProcessOptions {
  /** What follows `redis-server` on the command line. */
  readonly args: (port: number, dir: string) => string[];
  readonly port?: number | undefined;
  /** Default: a folder of its own, removed by `stop`. */
  readonly dir?: string | undefined;
  readonly password?: string | undefined;
}

/** A program of Redis that can be ended and started again in its place. */
export interface ServerProcess {
  readonly port: number;
  readonly dir: string;
  /** Of the last start. */
  readonly pid: number;
  readonly isRunning: boolean;
  /** Again on the same port, in the same folder. It has to have ended. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  thaw(): void;
  /** Ends it for good. */
  stop(): Promise<void>;
}

const START_MILLISECONDS = 10_000;
const ATTEMPTS = 20;

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const program = await requireServer("redis-server");
  const { folder } = getGuardian();
  const dir = options.dir ?? mkdtempSync(join(folder, "server-"));
  mkdirSync(dir, { recursive: true });
  let port = options.port ?? pickPort();
  let child = await firstStart();

  async function firstStart(): Promise<Bun.Subprocess> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await spawnServer(program, port, dir, options);
      } catch (error) {
        const isTaken = error instanceof Error && /in use/i.test(error.message);
        if (!isTaken || options.port !== undefined || attempt === ATTEMPTS) throw error;
        port = pickPort();
      }
    }
  }

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;

  async function kill(): Promise<void> {
    child.ref();
    sendSignal(child.pid, "SIGKILL");
    await child.exited;
  }

  return {
    get port() {
      return port;
    },
    dir,
    get pid() {
      return child.pid;
    },
    get isRunning() {
      return isRunning();
    },
    async start() {
      if (isRunning()) throw new Error(`The server on port ${port} is running.`);
      child = await spawnServer(program, port, dir, options);
    },
    kill,
    async freeze() {
      sendSignal(child.pid, "SIGSTOP");
      await until(() => isStopped(child.pid), 2000, `the server on port ${port} stands still`);
    },
    thaw: () => void sendSignal(child.pid, "SIGCONT"),
    async stop() {
      await kill();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function spawnServer(
  program: string,
  port: number,
  dir: string,
  { args, password }: ServerProcessOptions,
): Promise<Bun.Subprocess> {
  const log = join(dir, "server.log");
  const child = Bun.spawn([program, ...args(port, dir)], {
    cwd: dir,
    stdin: "ignore",
    stdout: Bun.file(log),
    stderr: Bun.file(log),
  });
  const guardian = getGuardian();
  guardian.guard(child.pid);
  child.exited.finally(() => guardian.release(child.pid)).catch(() => {});
  const output = (): string => (existsSync(log) ? readFileSync(log, "utf8").trim() : "");
  const state = await until<"up" | "ended" | false>(
    // A server that has ended is not worth waiting for.
    async () => (child.exitCode !== null ? "ended" : (await answers(port, child.pid, password)) && "up"),
    START_MILLISECONDS,
    `redis-server answers on port ${port}`,
  ).catch((error: unknown) => {
    sendSignal(child.pid, "SIGKILL");
    throw new Error(`${error}\n${output()}`, { cause: error });
  });
  if (state === "ended") throw new Error(`redis-server did not start on port ${port}:\n${output()}`);
  // A program that forgets to stop its servers ends all the same.
  child.unref();
  return child;
}

/** Whether it has started, and has loaded its data; and is not somebody else's server on that port. */
async function answers(port: number, pid: number, password: string | undefined): Promise<boolean> {
  const connection = await openRawConnection(port, { password });
  try {
    const [pong, info] = await connection.pipeline([["PING"], ["INFO", "server"]]);
    return pong === "PONG" && String(info).includes(`process_id:${pid}\r\n`);
  } finally {
    connection.close();
  }
}

/** The signal is only on its way when `kill` returns. */
function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
  } catch {
    // Not Linux: there, trust it.
    return true;
  }
}
