import type { SoakEvent } from "./event.ts";
import type { FromWorker, Task, ToWorker } from "./protocol.ts";

export interface SoakWorkers {
  /** Lets all of them work until then; what they saw. */
  work(users: readonly string[], until: number): Promise<SoakEvent[]>;
  stop(): Promise<void>;
}

export async function startSoakWorkers(count: number, task: Omit<Task, "number">): Promise<SoakWorkers> {
  const children: Bun.Subprocess[] = [];
  let waiting = Promise.withResolvers<FromWorker>();
  const answers: FromWorker[] = [];

  function hear(number: number, message: FromWorker): void {
    if (message.kind === "known") {
      for (const [other, child] of children.entries()) if (other !== number) child.send(message);
      return;
    }
    answers.push(message);
    if (answers.length === count || message.kind === "broke") waiting.resolve(message);
  }

  /** One answer of each. */
  async function all(): Promise<FromWorker[]> {
    const last = await waiting.promise;
    waiting = Promise.withResolvers();
    if (last.kind === "broke") throw new Error(`A worker broke: ${last.message}`);
    return answers.splice(0);
  }

  for (let number = 0; number < count; number++) {
    children.push(
      Bun.spawn([process.execPath, `${import.meta.dir}/worker.ts`, JSON.stringify({ ...task, number })], {
        stdout: "inherit",
        stderr: "inherit",
        ipc: (message: FromWorker) => hear(number, message),
        onExit: (_, code) => hear(number, { kind: "broke", message: `it ended with ${code}` }),
      }),
    );
  }
  await all();
  return {
    async work(users, until) {
      for (const child of children) child.send({ kind: "work", users, until } satisfies ToWorker);
      return (await all()).flatMap((answer) => (answer.kind === "worked" ? answer.events : []));
    },
    async stop() {
      for (const child of children) child.kill();
      await Promise.all(children.map(({ exited }) => exited));
    },
  };
}
