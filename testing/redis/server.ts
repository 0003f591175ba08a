import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Monitor, startMonitor } from "./monitor.ts";
import { openRawConnection, type RawConnection } from "./raw-connection.ts";
import type { Reply } from "./resp.ts";
import { type ServerProcess, type ServerProcessOptions, startServerProcess } from "./server-process.ts";

export interface RedisOptions {
  /** Go at the end of the command line: `["--maxmemory", "2mb"]`. */
  readonly args?: readonly string[];
  /** Default: a free one. */
  readonly port?: number;
  /** Where it writes. Default: a folder of its own, removed by `stop`. */
  readonly dir?: string;
  /** Of the default user. It is part of `url`. */
  readonly password?: string;
}

export interface RestartOptions {
  /** Saves the data first, if the server runs. Without it they are lost, as in a cache. Default: false. */
  readonly keepData?: boolean;
}

/** A real server on the loopback interface. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Changes with a restart. */
  readonly pid: number;
  readonly isRunning: boolean;
  /** SIGKILL, without any warning. */
  kill(): Promise<void>;
  /**
   * On the same port, whether it runs or has been killed. A server that was killed has lost what it had not saved:
   * `command("SAVE")`, or `args: ["--appendonly", "yes", "--appendfsync", "always"]`, keeps data through a `kill`.
   */
  restart(options?: RestartOptions): Promise<void>;
  /** SIGSTOP: connections stay open, new ones are accepted by the system, and nothing answers. */
  freeze(): Promise<void>;
  /** SIGCONT: it goes on, and executes what came meanwhile. */
  thaw(): void;
  /** On a connection of its own, which no client library is part of. Rejects with a `ReplyError`. */
  command(...args: readonly (string | number)[]): Promise<Reply>;
  /** Another connection of that kind. */
  connect(): Promise<RawConnection>;
  /** Records what the server executes, from now on. */
  monitor(): Promise<Monitor>;
  /** Ends it for good, and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a server that keeps nothing on disk. */
export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const { args = [], port, dir, password } = options;
  return startServer({
    port,
    dir,
    password,
    args: (ownPort, ownDir) => [
      ...["--port", String(ownPort), "--bind", "127.0.0.1", "--dir", ownDir],
      ...["--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"],
      ...(password === undefined ? [] : ["--requirepass", password, "--masterauth", password]),
      ...args,
    ],
  });
}

/** Also for a sentinel. */
export async function startServer(options: ServerProcessOptions): Promise<RedisServer> {
  const { password } = options;
  const server = await startServerProcess(options);
  const { port } = server;
  const host = "127.0.0.1";
  const connect = (): Promise<RawConnection> => openRawConnection(port, { host, password });
  let own: Promise<RawConnection> | undefined;

  function getOwn(): Promise<RawConnection> {
    if (own !== undefined) return own;
    const opening = connect();
    const forget = (): void => {
      if (own === opening) own = undefined;
    };
    opening.then(({ closed }) => closed.then(forget), forget).catch(() => {});
    own = opening;
    return opening;
  }

  async function closeOwn(): Promise<void> {
    const connection = await own?.catch(() => undefined);
    connection?.close();
    own = undefined;
  }

  async function restart({ keepData = false }: RestartOptions = {}): Promise<void> {
    if (server.isRunning) {
      server.thaw();
      if (keepData) await (await getOwn()).command("SAVE");
      await server.kill();
    }
    await closeOwn();
    if (!keepData) removeData(server);
    await server.start();
  }

  async function stop(): Promise<void> {
    await closeOwn();
    await server.stop();
  }

  return {
    url: `redis://${password === undefined ? "" : `:${encodeURIComponent(password)}@`}${host}:${port}`,
    host,
    port,
    get pid() {
      return server.pid;
    },
    get isRunning() {
      return server.isRunning;
    },
    kill: server.kill,
    restart,
    freeze: server.freeze,
    thaw: server.thaw,
    command: async (...args) => (await getOwn()).command(...args),
    connect,
    monitor: () => startMonitor(port, { host, password }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The data, and not what a node of a cluster or a sentinel knows about the others. */
function removeData({ dir }: ServerProcess): void {
  for (const name of ["dump.rdb", "appendonlydir", "appendonly.aof"]) {
    rmSync(join(dir, name), { recursive: true, force: true });
  }
}
