export interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
}

/** `Promise.withResolvers`, which Node.js has from 22 on. */
export function createDeferred(): Deferred {
  let resolve = (): void => {};
  const promise = new Promise<void>((onResolve) => {
    resolve = onResolve;
  });
  return { promise, resolve };
}
