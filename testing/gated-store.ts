import type { SessionStore } from "@ventostack/auth-core";

/** A step of a store that stands still: `reached` once a call got there, which goes on after `release`. */
export interface Gate {
  readonly reached: Promise<void>;
  release(): void;
}

export interface GatedStore {
  readonly store: SessionStore;
  /** Every call so far, as method and arguments. */
  readonly calls: (readonly [method: string, ...args: unknown[]])[];
  /** Holds the next call of the method before the store sees it. */
  holdBefore(method: keyof SessionStore): Gate;
  /** Holds the next call of the method after the store has answered, before the caller learns it. */
  holdAfter(method: keyof SessionStore): Gate;
}

/** The same store with every method made asynchronous, recorded, and open to being held up at a step. */
export function gate(inner: SessionStore): GatedStore {
  const calls: [string, ...unknown[]][] = [];
  const held = new Map<string, { arrive: () => void; released: Promise<void> }>();

  function hold(step: string): Gate {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    held.set(step, { arrive: reached.resolve, released: released.promise });
    return { reached: reached.promise, release: released.resolve };
  }

  async function pass(step: string): Promise<void> {
    const gated = held.get(step);
    if (gated === undefined) return;
    held.delete(step);
    gated.arrive();
    await gated.released;
  }

  const store: Record<string, unknown> = {};
  for (const [method, implementation] of Object.entries(inner)) {
    if (typeof implementation !== "function") continue;
    store[method] = async (...args: unknown[]) => {
      calls.push([method, ...args]);
      await pass(`before ${method}`);
      const answer = await implementation.apply(inner, args);
      await pass(`after ${method}`);
      return answer;
    };
  }
  return {
    store: store as unknown as SessionStore,
    calls,
    holdBefore: (method) => hold(`before ${method}`),
    holdAfter: (method) => hold(`after ${method}`),
  };
}
