/** How time passes for the store under test. */
export interface KitClock {
  now(): number;
  /** Returns once that time has passed. */
  advance(milliseconds: number): Promise<void>;
  /** Whether time stands still but for `advance`. */
  readonly isGiven: boolean;
}

export function createGivenClock(): KitClock {
  // In whole milliseconds, as `Date.now` is.
  let now = Date.now();
  return {
    isGiven: true,
    now: () => now,
    async advance(milliseconds) {
      now += Math.ceil(milliseconds);
    },
  };
}

export const realClock: KitClock = {
  isGiven: false,
  now: Date.now,
  async advance(milliseconds) {
    const end = Date.now() + milliseconds;
    // A timer may be early by a part of a millisecond.
    for (let left = milliseconds; left > 0; left = end - Date.now()) {
      await new Promise((resolve) => setTimeout(resolve, left));
    }
  },
};
