const INTERVAL_MILLISECONDS = 5;

/**
 * Waits until the condition gives something other than `false`, `null` or `undefined`, and returns that. A condition
 * that throws does not hold yet. After the given time it rejects, with what the condition threw last as the cause.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  milliseconds = 5000,
  what = "what the test waits for",
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + milliseconds;
  const late = Promise.withResolvers<never>();
  let cause: unknown;
  // A condition may hang, as a question to a frozen server does.
  late.promise.catch(() => {});
  const timer = setTimeout(() => late.reject(new Error("It did not answer.")), milliseconds);
  try {
    while (performance.now() < deadline) {
      try {
        const held = await Promise.race([condition(), late.promise]);
        if (isHeld(held)) return held;
      } catch (error) {
        cause = error;
      }
      await Bun.sleep(INTERVAL_MILLISECONDS);
    }
  } finally {
    clearTimeout(timer);
  }
  const because = cause instanceof Error ? ` (${cause.message})` : "";
  throw new Error(`Not within ${milliseconds} ms: ${what}${because}`, { cause });
}

function isHeld<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}
