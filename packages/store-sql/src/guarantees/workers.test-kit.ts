import type { SessionManager } from "@ventostack/auth-core";

export interface Order {
  readonly number: number;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly url: string;
  readonly table: string;
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

/** One process with connections of its own. */
export interface Worker {
  /** Its manager of the sessions in that table of that database. */
  of(url: string, table: string): RemoteManager;
  stop(): Promise<void>;
}

export const startWorkers = (count: number): Promise<Worker[]> =>
  Promise.all(Array.from({ length: count }, startWorker));

async function startWorker(): Promise<Worker> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let orders = 0;
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/worker.test-kit.ts`], {
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

  function order(place: Pick<Order, "url" | "table">, method: string, args: unknown[]): Promise<unknown> {
    const asked = Promise.withResolvers<unknown>();
    orders += 1;
    waiting.set(orders, asked);
    child.send({ number: orders, method, args, ...place } satisfies Order);
    return asked.promise;
  }

  await order({ url: "", table: "" }, "ping", []);
  return {
    of: (url, table) =>
      Object.fromEntries(
        METHODS.map((method) => [method, (...args: unknown[]) => order({ url, table }, method, args)]),
      ) as unknown as RemoteManager,
    async stop() {
      child.kill();
      await child.exited;
    },
  };
}
