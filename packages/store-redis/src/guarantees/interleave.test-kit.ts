import { labelOf } from "./database.test-kit.ts";
import type { Worker } from "./workers.test-kit.ts";

/** What one process does, a command at a time. */
interface Thread {
  /** The command that stands before the server now; `undefined` at the end. */
  readonly waiting: string | undefined;
  /** Lets that command through, and returns when the next one stands there. */
  step(): Promise<void>;
  /** Holds nothing any more. */
  free(): Promise<unknown>;
  readonly result: Promise<unknown>;
}

export interface Act {
  readonly worker: Worker;
  run(): Promise<unknown>;
}

export interface Round {
  /** Each in a process of its own. */
  readonly acts: readonly Act[];
  /** After every command of any of them. */
  check?(): Promise<void>;
  /** After the last one. */
  end(results: readonly unknown[]): Promise<void>;
}

const END = "PING";

async function startThread({ worker, run }: Act): Promise<Thread> {
  let waiting: string | undefined;
  const holdNext = () =>
    worker.proxy.holdBefore((command) => {
      waiting = labelOf(command);
      return true;
    });
  let hold = holdNext();
  // Behind the last command: also behind those that the operation does not wait for.
  const result = run().then(
    async (value) => {
      await worker.ping();
      return value;
    },
    async (error: unknown) => {
      await worker.ping();
      return error;
    },
  );
  async function arrive(): Promise<void> {
    await hold.reached;
    if (waiting !== END) return;
    waiting = undefined;
    hold.release();
    await result;
  }
  await arrive();
  return {
    get waiting() {
      return waiting;
    },
    async step() {
      const before = hold;
      hold = holdNext();
      before.release();
      await arrive();
    },
    free() {
      hold.release();
      return result;
    },
    result,
  };
}

/** Which thread goes on, of those that are not at their end, at each point of a run. */
type Choose = (able: readonly number[], at: number) => number;

async function runOnce(round: Round, choose: Choose): Promise<{ chosen: number[]; able: number[][] }> {
  const threads = await Promise.all(round.acts.map(startThread));
  const chosen: number[] = [];
  const choices: number[][] = [];
  const trace: string[] = [];
  try {
    for (;;) {
      const able = threads.flatMap(({ waiting }, number) => (waiting === undefined ? [] : [number]));
      if (able.length === 0) break;
      const next = choose(able, chosen.length);
      trace.push(`${next}:${threads[next]?.waiting}`);
      chosen.push(next);
      choices.push(able);
      await threads[next]?.step();
      await round.check?.();
    }
    await round.end(await Promise.all(threads.map(({ result }) => result)));
  } catch (error) {
    await Promise.all(threads.map((thread) => thread.free()));
    throw new Error(`In the order ${trace.join(" ")}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  return { chosen, able: choices };
}

/**
 * Runs the acts once in every order in which the server can execute their commands, and gives the number of orders.
 * A pause that an operation makes by itself is not one of its steps.
 */
export async function everyOrder(setUp: (number: number) => Promise<Round>): Promise<number> {
  const open: number[][] = [[]];
  let runs = 0;
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    const { length } = prefix;
    const begin = prefix;
    const { chosen, able } = await runOnce(await setUp(runs), (ready, at) => begin[at] ?? ready[0] ?? 0);
    runs += 1;
    for (let at = length; at < chosen.length; at++) {
      for (const other of able[at] ?? []) {
        if (other !== chosen[at]) open.push([...chosen.slice(0, at), other]);
      }
    }
  }
  return runs;
}

/** Some of those orders, for acts that have too many: always the same ones. */
export async function someOrders(count: number, setUp: (number: number) => Promise<Round>): Promise<void> {
  let state = 1;
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (let run = 0; run < count; run++) {
    await runOnce(await setUp(run), (ready) => ready[random(ready.length)] ?? 0);
  }
}
