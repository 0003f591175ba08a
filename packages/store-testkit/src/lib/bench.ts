import type { SessionStore, StoredSession } from "@ventostack/auth-core";
import type { CreateStore, StoreContext, StoreSetup } from "./context.ts";
import { createGivenClock, type KitClock, realClock } from "./kit-clock.ts";
import { createSteps, type Steps } from "./steps.ts";
import type { Need, OptionalMethod } from "./store-case.ts";

/** A store that is known to have these methods. */
export type StoreWith<Needed extends Need> = SessionStore &
  Required<Pick<SessionStore, Needed & OptionalMethod>>;

/** What one case has to itself. */
export interface Bench<Needed extends Need = never> {
  readonly store: StoreWith<Needed>;
  /** Another client of the same data; the store itself where there is no other. */
  readonly other: StoreWith<Needed>;
  /** The trips of `store`, and of `other` where that is the same. */
  readonly steps: Steps;
  readonly clock: KitClock;
  /** A store that shares nothing with the others. */
  createStranger(): Promise<StoreWith<Needed>>;
  /** A session of one hour, unless the fields say otherwise. */
  session(id: string, fields?: Partial<StoredSession>): StoredSession;
  /** What the context says that the store keeps. */
  size(): Promise<number>;
  close(): Promise<void>;
}

const HOUR = 3_600_000;

export async function openBench<Needed extends Need>(context: StoreContext): Promise<Bench<Needed>> {
  const clock = context.time === "given" ? createGivenClock() : realClock;
  const opened = new Set<SessionStore>();

  async function open(create: CreateStore, space: string, { step }: Steps): Promise<StoreWith<Needed>> {
    const store = await create(setupOf(space, step));
    opened.add(store);
    // That it has the methods is looked at before the case runs.
    return store as StoreWith<Needed>;
  }

  function setupOf(space: string, step: () => Promise<void>): StoreSetup {
    return { space, step, clock: () => clock.now() };
  }

  async function close(): Promise<void> {
    for (const store of opened) await store.close?.();
  }

  const space = newSpace();
  const steps = createSteps();
  const store = await open(context.createStore, space, steps);
  const { connectAgain } = context;
  const other = connectAgain === undefined ? store : await open(connectAgain, space, createSteps());

  return {
    store,
    other,
    steps,
    clock,
    createStranger: () => open(context.createStore, newSpace(), createSteps()),
    session(id, fields) {
      const now = clock.now();
      return {
        id,
        data: { of: id },
        createdAt: now,
        expiresAt: now + HOUR,
        revision: 1,
        version: 1,
        ...fields,
      };
    },
    size: async () => (await context.sizeOf?.(store, setupOf(space, steps.step))) ?? 0,
    close,
  };
}

/** A letter first, because some databases want a name to begin with one. */
function newSpace(): string {
  return `kit${crypto.randomUUID().replaceAll("-", "")}`;
}
