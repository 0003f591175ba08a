import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SQL } from "bun";
import { getGuardian, sendSignal } from "../redis/guardian.ts";
import { pickPort } from "../redis/ports.ts";
import { until } from "../redis/until.ts";
import type { Owner } from "./owner.ts";

/** A real database server on the loopback interface. */
export interface SqlServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly isRunning: boolean;
  /** By a client of its own. */
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** That client: to hold a transaction open. */
  readonly sql: SQL;
  /** SIGKILL to all of its processes, without any warning. */
  kill(): Promise<void>;
  /** Again on the same port, with the data that it had. It has to have ended. */
  start(): Promise<void>;
  /** SIGSTOP: connections stay open, new ones are accepted by the system, and nothing answers. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  thaw(): void;
  /** Ends it for good, and removes its folder. */
  stop(): Promise<void>;
}

export interface SqlServerKind {
  readonly name: string;
  readonly owner: Owner;
  /** Makes the data in `folder/data`. */
  initialize(folder: string): string[];
  command(folder: string, port: number): string[];
  url(port: number): string;
}

const START_MILLISECONDS = 30_000;
const ATTEMPTS = 20;

export async function startSqlServer(kind: SqlServerKind): Promise<SqlServer> {
  const { name, owner } = kind;
  const guardian = getGuardian();
  const folder = owner.makeFolder();
  await copyData(kind, folder);
  let port = pickPort();
  let child = await firstStart();
  let client: SQL | undefined;
  let frozen: number[] = [];

  async function firstStart(): Promise<Bun.Subprocess> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await spawn();
      } catch (error) {
        if (attempt === ATTEMPTS || !/in use/i.test(String(error))) throw error;
        port = pickPort();
      }
    }
  }

  async function spawn(): Promise<Bun.Subprocess> {
    const log = join(folder, "server.log");
    rmSync(log, { force: true });
    const started = Bun.spawn([...owner.prefix, ...kind.command(folder, port)], {
      cwd: folder,
      stdin: "ignore",
      stdout: Bun.file(log),
      stderr: Bun.file(log),
    });
    guardian.guard(started.pid);
    started.exited.finally(() => guardian.release(started.pid)).catch(() => {});
    const state = await until<"up" | "ended" | false>(
      async () => (started.exitCode !== null ? "ended" : (await answers(kind.url(port))) && "up"),
      START_MILLISECONDS,
      `${name} answers on port ${port}`,
    );
    const output = existsSync(log) ? readFileSync(log, "utf8") : "";
    if (state === "ended") throw new Error(`${name} did not start on port ${port}:\n${output}`);
    // A program that forgets to stop its servers ends all the same.
    started.unref();
    return started;
  }

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;

  async function kill(): Promise<void> {
    await closeClient();
    if (!isRunning()) return;
    child.ref();
    const pids = processesOf(child.pid);
    for (const pid of pids) sendSignal(pid, "SIGKILL");
    release();
    await child.exited;
    // The memory that they share has to be free before it starts again.
    await until(() => pids.every(hasEnded), 10_000, `the processes of ${name} are gone`);
  }

  async function closeClient(): Promise<void> {
    const closing = client;
    client = undefined;
    await closing?.close({ timeout: 0 });
  }

  function release(): void {
    for (const pid of frozen) if (pid !== child.pid) guardian.release(pid);
    frozen = [];
  }

  function sql(): SQL {
    client ??= new SQL(kind.url(port), { max: 5 });
    return client;
  }

  async function stop(): Promise<void> {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  }

  return {
    get url() {
      return kind.url(port);
    },
    get port() {
      return port;
    },
    get isRunning() {
      return isRunning();
    },
    get sql() {
      return sql();
    },
    query: async (text, values = []) => [...(await sql().unsafe(text, [...values]))],
    kill,
    async start() {
      if (isRunning()) throw new Error(`${name} on port ${port} is running.`);
      child = await spawn();
    },
    async freeze() {
      frozen = processesOf(child.pid);
      for (const pid of frozen) {
        if (pid !== child.pid) guardian.guard(pid);
        sendSignal(pid, "SIGSTOP");
      }
      await until(() => frozen.every(isStopped), 5000, `${name} stands still`);
    },
    thaw() {
      for (const pid of frozen) sendSignal(pid, "SIGCONT");
      release();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** By the name of their kind: data that nobody has used yet, in a folder that stays until the process ends. */
const fresh = new Map<string, Promise<string>>();

/** Copied, since making them takes a second of both cores, and the servers of a process need the same. */
async function copyData(kind: SqlServerKind, folder: string): Promise<void> {
  const { name } = kind;
  const known = fresh.get(name) ?? makeData(kind);
  fresh.set(name, known);
  // Another attempt may be able to make them.
  known.catch(() => fresh.delete(name));
  await runAs(kind, folder, ["cp", "-a", `${await known}/data/.`, join(folder, "data")]);
}

async function makeData(kind: SqlServerKind): Promise<string> {
  const folder = kind.owner.makeFolder();
  await runAs(kind, folder, kind.initialize(folder));
  return folder;
}

async function runAs({ name, owner }: SqlServerKind, folder: string, command: string[]): Promise<void> {
  const child = Bun.spawn([...owner.prefix, ...command], {
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`${name} could not make its data:\n${output.join("\n")}`);
}

async function answers(url: string): Promise<boolean> {
  await using sql = new SQL(url, { max: 1, connectionTimeout: 5 });
  await sql.unsafe("SELECT 1");
  return true;
}

/** The process and its children. */
function processesOf(parent: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)[1] === String(parent));
  return [parent, ...children];
}

function hasEnded(pid: number): boolean {
  const [state] = statOf(pid);
  return state === undefined || state === "Z";
}

/** One that has ended counts too: its parent stands still, and takes no note of it. */
const isStopped = (pid: number): boolean => hasEnded(pid) || statOf(pid)[0] === "T";

/** What Linux says of a process, from its state on. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It has ended.
    return [];
  }
}
