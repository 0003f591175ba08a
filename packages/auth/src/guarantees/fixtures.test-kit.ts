import {
  createFourMethodStore,
  createTestClock,
  type GatedStore,
  gate,
  type TestClock,
} from "@ventostack/testing";
import {
  createMemorySessionStore,
  createSessionManager,
  type SessionManager,
  type SessionOptions,
  type SessionStore,
} from "../index.ts";

export interface Fixture {
  readonly clock: TestClock;
  readonly gated: GatedStore;
  readonly sessions: SessionManager;
  /** Another manager on the same store, as another process would have. */
  another(options?: SessionOptions): SessionManager;
}

/** A store that has every further method but `replace`: a change is then a read and a write. */
export function createWithoutReplace(clock: () => number): SessionStore {
  const { replace: _, ...store } = createMemorySessionStore({ clock });
  return store;
}

/** A store that keeps the three documented fields and no more, as a table of three columns would. */
export function createThreeFieldStore(clock: () => number): SessionStore {
  const inner = createFourMethodStore(clock);
  return { ...inner, set: ({ id, data, expiresAt }) => inner.set({ id, data, expiresAt }) };
}

/** What the call was rejected with, or what it resolved with, as something that no error is. */
export function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (resolved) => ({ resolved }),
    (error: unknown) => error,
  );
}

/** Lets everything go on that waits for nothing else. */
export function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function createMemory(clock: () => number): SessionStore {
  return createMemorySessionStore({ clock });
}

/** The stores that the guarantees are shown on, made asynchronous so that steps can interleave. */
export const storeKinds: readonly [name: string, create: (clock: () => number) => SessionStore][] = [
  ["memory", createMemory],
  ["four methods", createFourMethodStore],
];

export function fixture(
  create: (clock: () => number) => SessionStore,
  options: SessionOptions = {},
): Fixture {
  const clock = createTestClock();
  const gated = gate(create(clock));
  const another = (others: SessionOptions = {}): SessionManager =>
    createSessionManager(gated.store, { clock, ...options, ...others });
  return { clock, gated, sessions: another(), another };
}
