import type { Awaitable } from "@ventostack/auth-core";
import type { Bench } from "./bench.ts";
import { createDeferred } from "./deferred.ts";

export interface Race<First, Second> {
  /** On `bench.store`, whose trips are held. */
  first(): Awaitable<First>;
  /** On `bench.other`. */
  second(): Awaitable<Second>;
  check(first: First, second: Second): Awaitable<void>;
}

/** Trips of one operation that are held, each in a round of its own. No operation has that many on a few sessions. */
const MAX_TRIPS = 60;
/** Milliseconds for which the second operation may wait for a lock that the first, which is held, has taken. */
const LOCKED = 100;
/** Rounds in which nothing is held, and either begins first. */
const FREE_ROUNDS = 5;

/**
 * Holds the first operation before each of its trips in turn, and lets the second run to its end meanwhile; and both at
 * once, with nothing held. `prepare` is called for every round, with a number of its own.
 */
export async function race<First, Second>(
  bench: Bench,
  prepare: (round: number) => Promise<Race<First, Second>>,
): Promise<void> {
  let round = 0;
  for (let trips = 0; trips < MAX_TRIPS; trips++) {
    const { first, second, check } = await prepare(round++);
    const held = bench.steps.holdAfter(trips);
    const firstEnds = begin(first);
    await Promise.race([held.reached, firstEnds.settled]);
    const { isReached } = held;
    if (!isReached) held.release();
    const secondEnds = begin(second);
    await within(LOCKED, secondEnds.settled);
    held.release();
    await check(await firstEnds.outcome, await secondEnds.outcome);
    if (!isReached) break;
  }
  for (let free = 0; free < FREE_ROUNDS; free++) {
    const { first, second, check } = await prepare(round++);
    const early = free % 2 === 0 ? undefined : begin(second);
    const firstEnds = begin(first);
    const secondEnds = early ?? begin(second);
    await check(await firstEnds.outcome, await secondEnds.outcome);
  }
}

interface Begun<Outcome> {
  readonly outcome: Promise<Outcome>;
  /** Never rejects. */
  readonly settled: Promise<void>;
}

function begin<Outcome>(operation: () => Awaitable<Outcome>): Begun<Outcome> {
  const outcome = (async () => operation())();
  const settled = outcome.then(
    () => {},
    () => {},
  );
  return { outcome, settled };
}

async function within(milliseconds: number, settled: Promise<void>): Promise<void> {
  const late = createDeferred();
  const timer = setTimeout(late.resolve, milliseconds);
  await Promise.race([settled, late.promise]);
  clearTimeout(timer);
}

/** The operation after each number of its trips has been let fail, in turn, until it takes fewer. */
export async function withEachFault<Outcome>(
  bench: Bench,
  prepare: (round: number) => Promise<{
    act(): Awaitable<Outcome>;
    /** `undefined`: it rejected. */
    check(resolved: { readonly answer: Outcome } | undefined): Awaitable<void>;
  }>,
  lasting?: "lasting",
): Promise<void> {
  for (let trips = 0; trips < MAX_TRIPS; trips++) {
    const { act, check } = await prepare(trips);
    const fault = bench.steps.failAfter(trips, lasting);
    const resolved = await begin(act).outcome.then(
      (answer) => ({ answer }),
      () => undefined,
    );
    const { isReached } = fault;
    fault.end();
    await check(resolved);
    if (!isReached) break;
  }
}
