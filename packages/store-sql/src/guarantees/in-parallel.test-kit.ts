/** That many rounds, some at a time. */
export async function inParallel(
  rounds: number,
  width: number,
  run: (round: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  async function lane(): Promise<void> {
    while (next < rounds) await run(next++);
  }
  await Promise.all(Array.from({ length: width }, lane));
}
