/** A clock that stands still until it is told to move. */
export interface TestClock {
  (): number;
  advance(milliseconds: number): void;
}

export function createTestClock(startsAt = 1_700_000_000_000): TestClock {
  let now = startsAt;
  return Object.assign(() => now, {
    advance(milliseconds: number) {
      now += milliseconds;
    },
  });
}
