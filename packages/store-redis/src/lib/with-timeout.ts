/** The promise, or a rejection with `onTimeout()`; what the promise does after that goes unseen. */
export async function withTimeout<Value>(
  promise: Promise<Value>,
  milliseconds: number,
  onTimeout: () => Error,
): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTimeout()), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
