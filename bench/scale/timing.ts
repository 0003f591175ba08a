import { quantile } from "../lib/statistics.ts";

/** Microseconds that one step takes: the median of some rounds of so many steps, one after the other. */
export async function microsecondsPer(
  step: (at: number) => unknown,
  { steps = 2000, rounds = 7, together = 1 }: { steps?: number; rounds?: number; together?: number } = {},
): Promise<number> {
  const times: number[] = [];
  let at = 0;
  for (let round = -2; round < rounds; round++) {
    const begun = performance.now();
    for (let done = 0; done < steps; done += together) {
      if (together === 1) {
        const answer = step(at++);
        if (answer instanceof Promise) await answer;
      } else {
        await Promise.all(Array.from({ length: together }, () => step(at++)));
      }
    }
    if (round >= 0) times.push(((performance.now() - begun) * 1000) / steps);
  }
  return Number(quantile(times, 0.5).toPrecision(4));
}
