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
