import { createFourMethodStore } from "@ventostack/testing";
import type { SessionEvent, SessionOptions, SessionStore } from "../index.ts";
import { createMemory, createWithoutReplace, type Fixture, fixture } from "./fixtures.test-kit.ts";

type Create = (clock: () => number) => SessionStore;

/** A store whose own methods do not tell what they ended, as one written before there was a way to. */
function createUntelling(clock: () => number): SessionStore {
  const { remove: _, ...store } = createMemory(clock);
  return {
    ...store,
    deleteByUser: (userKey, { onEnded: __, ...options } = {}) => store.deleteByUser?.(userKey, options) ?? 0,
  };
}

export interface Watched extends Fixture {
  /** What was told since the last call. */
  told(): SessionEvent[];
}

export function watch(create: Create, options: SessionOptions = {}): Watched {
  const events: SessionEvent[] = [];
  const made = fixture(create, { onEvent: (event) => events.push(event), ...options });
  return { ...made, told: () => events.splice(0) };
}

export const kinds: readonly (readonly [name: string, create: Create])[] = [
  ["memory", createMemory],
  ["four methods", createFourMethodStore],
  ["a store without replace", createWithoutReplace],
  ["a store that does not tell what it ended", createUntelling],
];

/** An id of the right shape that nobody has. */
export const unknownId: string = Buffer.alloc(32, 5).toString("base64url");
