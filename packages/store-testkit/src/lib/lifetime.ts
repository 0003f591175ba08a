import type { Awaitable } from "@ventostack/auth-core";
import type { Bench } from "./bench.ts";
import { broken } from "./expect.ts";

/** Milliseconds by which the clocks of two machines may differ. */
export const SKEW = 100;
/** Milliseconds between two looks at a session that is about to expire in real time. */
const INTERVAL = 10;
/**
 * Milliseconds that a session lives which a case wants to see expire: the next, where a machine was too slow for one. No
 * whole seconds, so that a store which rounds to them is noticed.
 */
const REAL_LIVES = [300, 1500, 6500, 20_500];
const GIVEN_LIVES = [10_000];

export interface ShortLived {
  readonly id: string;
  readonly expiresAt: number;
}

/**
 * Runs `act`, which writes a session with that id and end and may do more with it, on one that is sure to live that long:
 * where it may have expired meanwhile, again with a longer life.
 */
export async function onShortLife(
  bench: Bench,
  act: (session: ShortLived) => Promise<void>,
): Promise<ShortLived> {
  const lives = bench.clock.isGiven ? GIVEN_LIVES : REAL_LIVES;
  for (const life of lives) {
    const session = { id: `lives ${life} ms`, expiresAt: bench.clock.now() + life };
    const error = await act(session).then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    );
    const inTime = bench.clock.now() < session.expiresAt - SKEW;
    if (inTime && error === undefined) return session;
    if (inTime) throw error?.cause;
  }
  throw broken(`The store needs more than ${lives.at(-1)} ms for a few calls.`);
}

/** Waits for the end of a session, and fails unless the probe finds it until then, and nothing from then on. */
export async function expectEnd(
  { clock }: Bench,
  expiresAt: number,
  probe: () => Awaitable<unknown>,
): Promise<void> {
  if (clock.isGiven) {
    await clock.advance(expiresAt - clock.now() - 1);
    if (isNothing(await probe())) throw broken("The session has ended before its expiresAt.");
    await clock.advance(2);
    if (!isNothing(await probe())) throw broken("The session is still there after its expiresAt.");
    return;
  }
  for (;;) {
    const askedAt = clock.now();
    const found = await probe();
    if (isNothing(found)) {
      if (clock.now() < expiresAt - SKEW) throw broken("The session has ended before its expiresAt.");
      return;
    }
    if (askedAt > expiresAt + SKEW) {
      throw broken(`The session is still there ${askedAt - expiresAt} ms after its expiresAt.`);
    }
    await clock.advance(INTERVAL);
  }
}

function isNothing(found: unknown): boolean {
  return found === null || found === undefined || found === false;
}
