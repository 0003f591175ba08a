import type { SessionManager, SessionOptions } from "@ventostack/auth-core";
import { type RedisProxy, type RedisServer, startProxy } from "@ventostack/testing/redis";

/** Of a worker's manager and store: what can be sent to another process. */
export interface WorkerOptions
  extends Pick<
    SessionOptions,
    "ttl" | "absoluteTtl" | "touchInterval" | "prefix" | "hashIds" | "maxPerUser" | "onLimit"
  > {
  readonly keyPrefix?: string;
  /** Every id is made of this byte, so that an id can come back. */
  readonly randomByte?: number;
}

export interface Order {
  readonly number: number;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly options: WorkerOptions;
}

export interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: { name: string; code: string | undefined; message: string };
}

const METHODS = [
  ...(["create", "get", "update", "merge", "touch", "refresh", "refreshIfDue", "destroy"] as const),
  ...(["regenerate", "listByUser", "destroyByUser", "destroyByHandle"] as const),
] as const;

/** The manager in the other process. */
export type RemoteManager = Pick<SessionManager, (typeof METHODS)[number]>;

/** One process with one connection to Redis. */
export interface Worker {
  readonly pid: number;
  /** Its connection goes through this one. */
  readonly proxy: RedisProxy;
  /** With the default options. */
  readonly sessions: RemoteManager;
  with(options: WorkerOptions): RemoteManager;
  /** A command that does nothing, behind all that the process has sent so far. */
  ping(): Promise<void>;
  stop(): Promise<void>;
}

/** That many processes, each behind a proxy of its own; `direct` where nothing is to be held or counted. */
export async function startWorkers(
  server: RedisServer,
  count: number,
  { direct = false }: { direct?: boolean } = {},
): Promise<Worker[]> {
  return Promise.all(Array.from({ length: count }, () => startWorker(server, direct)));
}

async function startWorker(server: RedisServer, direct: boolean): Promise<Worker> {
  const proxy = await startProxy(server.port);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let orders = 0;
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/worker.test-kit.ts`], {
    env: { ...process.env, WORKER_REDIS_URL: direct ? server.url : proxy.url },
    stdout: "inherit",
    stderr: "inherit",
    ipc({ number, value, error }: Answer) {
      const asked = waiting.get(number);
      waiting.delete(number);
      if (error === undefined) asked?.resolve(value);
      else asked?.reject(Object.assign(new Error(error.message), error));
    },
    onExit() {
      for (const { reject } of waiting.values()) reject(new Error("The worker has ended."));
    },
  });

  function order(options: WorkerOptions, method: string, args: unknown[]): Promise<unknown> {
    const asked = Promise.withResolvers<unknown>();
    orders += 1;
    waiting.set(orders, asked);
    child.send({ number: orders, method, args, options } satisfies Order);
    return asked.promise;
  }
  const withOptions = (options: WorkerOptions): RemoteManager =>
    Object.fromEntries(
      METHODS.map((method) => [method, (...args: unknown[]) => order(options, method, args)]),
    ) as unknown as RemoteManager;
  const ping = async (): Promise<void> => {
    await order({}, "ping", []);
  };

  await ping();
  return {
    pid: child.pid,
    proxy,
    sessions: withOptions({}),
    with: withOptions,
    ping,
    async stop() {
      child.kill();
      await child.exited;
      await proxy.close();
    },
  };
}
