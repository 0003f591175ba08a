import { join } from "node:path";

/** What the process itself says that it has used since it was started. */
export interface Usage {
  /** CPU time in microseconds: in the program, and in the system on its behalf. */
  readonly user: number;
  readonly system: number;
  /** Resident memory in bytes. */
  readonly rss: number;
}

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  usage(): Promise<Usage>;
  /** SIGSTOP: it takes no time, and nothing of it runs, until `wake`. */
  pause(): void;
  wake(): void;
  stop(): Promise<void>;
}

/** Milliseconds in which a server has to be listening, and to answer. */
const PATIENCE = 20_000;

/** `file` relative to the folder `http`. */
export async function startServer(file: string, env: Record<string, string>): Promise<ServerProcess> {
  const started = Promise.withResolvers<number>();
  const waiting = new Map<number, (usage: Usage) => void>();
  let asked = 0;
  const folder = join(import.meta.dir, "..");
  const child = Bun.spawn([process.execPath, join(folder, "serve.ts"), join(folder, file)], {
    cwd: folder,
    env: { ...process.env, ...env, NODE_ENV: "production" },
    stdout: "ignore",
    // Some peers write a stack for every cookie that they refuse.
    stderr: process.env.BENCH_STDERR === undefined ? "ignore" : "inherit",
    serialization: "json",
    ipc(message: { port: number } | (Usage & { question: number })) {
      if ("port" in message) started.resolve(message.port);
      else waiting.get(message.question)?.(message);
    },
    onExit: () => started.reject(new Error(`${file} ended before it was listening.`)),
  });

  const port = await within(started.promise, `${file} does not listen`);
  return {
    url: `http://127.0.0.1:${port}`,
    async usage() {
      const question = ++asked;
      const answer = Promise.withResolvers<Usage>();
      waiting.set(question, answer.resolve);
      child.send(question);
      const usage = await within(answer.promise, `${file} does not say what it uses`);
      waiting.delete(question);
      return usage;
    },
    pause: () => child.kill("SIGSTOP"),
    wake: () => child.kill("SIGCONT"),
    async stop() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

async function within<Value>(promise: Promise<Value>, complaint: string): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${complaint} within ${PATIENCE} ms.`)), PATIENCE);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
