import { setImmediate, setTimeout } from "node:timers/promises";

/** Lets the steps of several clients go on one at a time, in an order that the choices say. */
export interface Scheduler {
  /** Does the work once it is this step's turn. */
  step<Result>(client: number, work: () => Promise<Result>): Promise<Result>;
  /** Until all of the clients have ended, and every step with them. */
  run(clients: readonly Promise<unknown>[]): Promise<void>;
}

interface Waiting {
  readonly client: number;
  readonly start: () => void;
}

/** Turns of the loop after which nothing is taken to be on its way any more. */
const QUIET_TURNS = 2;
/** Milliseconds for which a client that waits for no step may be pausing between two attempts. */
const LONGEST_PAUSE = 4;

/**
 * Each choice names the step to go on with, of those that can. They are used again from the first when all are used.
 * `mayPause`: a client may wait by itself between two steps, and is waited for.
 */
export function createScheduler(choices: readonly number[], mayPause: boolean): Scheduler {
  let waiting: Waiting[] = [];
  let running = 0;
  let chosen = 0;

  async function step<Result>(client: number, work: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((start) => {
      waiting.push({ client, start });
    });
    try {
      return await work();
    } finally {
      running -= 1;
    }
  }

  /** Until no step runs and none is added. */
  async function settled(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      const before = waiting.length;
      await setImmediate();
      if (running > 0 || waiting.length !== before) turns = -1;
    }
  }

  function goOn(): void {
    // In the order of the clients, so that the same choices give the same run.
    const able = [...waiting].sort((one, other) => one.client - other.client);
    const next = able[(choices[chosen % Math.max(choices.length, 1)] ?? 0) % able.length];
    chosen += 1;
    waiting = waiting.filter((one) => one !== next);
    running += 1;
    next?.start();
  }

  return {
    step,
    async run(clients) {
      const active = new Set(clients.keys());
      const ended = Promise.all(clients.map((client, number) => client.finally(() => active.delete(number))));
      // A client that fails is its caller's to know; here it has ended.
      ended.catch(() => undefined);
      for (;;) {
        await settled();
        for (let pause = 0; mayPause && active.size > waiting.length && pause < LONGEST_PAUSE; pause++) {
          await setTimeout(1);
          await settled();
        }
        if (waiting.length > 0) goOn();
        else if (active.size === 0) break;
        else await setImmediate();
      }
      await ended;
    },
  };
}
