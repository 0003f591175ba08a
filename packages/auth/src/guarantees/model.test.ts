import { describe, expect, test } from "bun:test";
import type { TestClock } from "@ventostack/testing";
import fc from "fast-check";
import type { SessionManager, SessionStore } from "../index.ts";
import { createMemory, fixture, storeKinds } from "./fixtures.test-kit.ts";

/** What a session is, as simply as it can be said. */
interface ModelSession {
  id: string;
  data: Record<string, unknown>;
  expiresAt: number;
  readonly absoluteExpiresAt: number;
}

/** Sessions by the order they were made in; a dead one stays in the list, so that its id is tried again. */
interface Model {
  readonly sessions: ModelSession[];
  readonly dead: Set<string>;
}

interface Real {
  readonly manager: SessionManager;
  readonly clock: TestClock;
  /** Whether the store is touched with whole seconds where the absolute end is near, as plain stores are. */
  readonly wholeSeconds: boolean;
}

const TTL = 100;
const ABSOLUTE = 250;
const INTERVAL = 10;

const isLive = (model: Model, session: ModelSession, now: number): boolean =>
  !model.dead.has(session.id) && session.expiresAt > now;

/** One step of a random sequence: does the same to the real manager and to the model, and compares. */
class Step implements fc.AsyncCommand<Model, Real> {
  readonly name: string;
  readonly act: (model: Model, real: Real) => Promise<void>;

  constructor(name: string, act: (model: Model, real: Real) => Promise<void>) {
    this.name = name;
    this.act = act;
  }
  check = (): boolean => true;
  run = (model: Model, real: Real): Promise<void> => this.act(model, real);
  toString = (): string => this.name;
}

/** A step on the session that `index` picks, dead or alive. */
function onSession(
  name: string,
  index: number,
  act: (session: ModelSession, live: boolean, model: Model, real: Real, now: number) => Promise<void>,
): Step {
  return new Step(`${name} #${index}`, async (model, real) => {
    const session = model.sessions[index % Math.max(model.sessions.length, 1)];
    if (session === undefined) return;
    const now = real.clock();
    await act(session, isLive(model, session, now), model, real, now);
  });
}

function slide(session: ModelSession, now: number, wholeSeconds = false): void {
  const remaining = session.absoluteExpiresAt - now;
  const cut = wholeSeconds ? Math.floor(remaining / 1000) * 1000 : remaining;
  session.expiresAt = Math.max(session.expiresAt, now + Math.min(TTL * 1000, cut));
}

function patch(session: ModelSession, changes: Record<string, unknown>): void {
  session.data = JSON.parse(JSON.stringify({ ...session.data, ...changes }));
}

const index = fc.nat(20);
const userId = fc.constantFrom("u1", "u2", undefined);
const changes = fc.record(
  { userId, a: fc.option(fc.jsonValue(), { nil: undefined }), b: fc.constantFrom(1, null, undefined) },
  { requiredKeys: [] },
);

const commonSteps: fc.Arbitrary<Step>[] = [
  fc.nat(120_000).map(
    (milliseconds) =>
      new Step(`advance ${milliseconds}`, async (_, { clock }) => {
        clock.advance(milliseconds);
      }),
  ),
  changes.map(
    (data) =>
      new Step(`create ${JSON.stringify(data)}`, async (model, { manager, clock }) => {
        const { id, expiresAt } = await manager.create(data);
        expect(expiresAt).toBe(clock() + TTL * 1000);
        const session = { id, data: {}, expiresAt, absoluteExpiresAt: clock() + ABSOLUTE * 1000 };
        patch(session, withoutProto(data));
        model.sessions.push(session);
      }),
  ),
  index.map((picked) =>
    onSession("get", picked, async (session, live, _, { manager }) => {
      const found = await manager.get(session.id);
      if (live) expect(found).toMatchObject({ data: session.data, expiresAt: session.expiresAt });
      else expect(found).toBeNull();
    }),
  ),
  fc.tuple(index, changes).map(([picked, change]) =>
    onSession(`merge ${JSON.stringify(change)}`, picked, async (session, live, _, { manager }) => {
      const merged = await manager.merge(session.id, change);
      if (!live) return expect(merged).toBeNull();
      patch(session, withoutProto(change));
      return expect(merged).toMatchObject({ data: session.data, expiresAt: session.expiresAt });
    }),
  ),
  index.map((picked) =>
    onSession("touch", picked, async (session, live, _, { manager, wholeSeconds }, now) => {
      await manager.touch(session.id);
      if (live) slide(session, now, wholeSeconds);
    }),
  ),
  index.map((picked) =>
    onSession("refreshIfDue", picked, async (session, live, _, { manager, wholeSeconds }, now) => {
      const refreshed = await manager.refreshIfDue(session.id);
      if (!live) return expect(refreshed).toBeNull();
      const before = session.expiresAt;
      if (before - now <= (TTL - INTERVAL) * 1000) slide(session, now, wholeSeconds);
      return expect(refreshed).toMatchObject({
        extended: session.expiresAt > before,
        session: { data: session.data, expiresAt: session.expiresAt },
      });
    }),
  ),
  fc.tuple(index, changes).map(([picked, change]) =>
    onSession(
      `regenerate ${JSON.stringify(change)}`,
      picked,
      async (session, live, model, { manager }, now) => {
        const regenerated = await manager.regenerate(session.id, change);
        if (!live) return expect(regenerated).toBeNull();
        const moved = { ...session, id: regenerated?.id ?? "" };
        patch(moved, withoutProto(change));
        slide(moved, now);
        model.dead.add(session.id);
        model.sessions.push(moved);
        return expect(regenerated).toMatchObject({ data: moved.data, expiresAt: moved.expiresAt });
      },
    ),
  ),
  index.map((picked) =>
    onSession("destroy", picked, async (session, _, model, { manager }) => {
      await manager.destroy(session.id);
      model.dead.add(session.id);
    }),
  ),
  fc.tuple(index, userId).map(([picked, owner = "nobody"]) =>
    onSession(`destroyByHandle of ${owner}`, picked, async (session, live, model, { manager }) => {
      const ended = await manager.destroyByHandle(owner, manager.handleOf(session.id));
      expect(ended).toBe(live && session.data.userId === owner);
      if (ended) model.dead.add(session.id);
    }),
  ),
];

const userSteps: fc.Arbitrary<Step>[] = [
  fc.constantFrom("u1", "u2", "nobody").map(
    (owner) =>
      new Step(`listByUser ${owner}`, async (model, { manager, clock }) => {
        const listed = await manager.listByUser(owner);
        const expected = model.sessions.filter(
          (one) => isLive(model, one, clock()) && one.data.userId === owner,
        );
        expect(listed.map(({ handle }) => handle).sort()).toEqual(
          expected.map(({ id }) => manager.handleOf(id)).sort(),
        );
      }),
  ),
  fc.tuple(fc.constantFrom("u1", "u2"), fc.option(index, { nil: undefined })).map(
    ([owner, spared]) =>
      new Step(`destroyByUser ${owner} except ${spared}`, async (model, { manager, clock }) => {
        const except = spared === undefined ? undefined : model.sessions[spared]?.id;
        const ended = model.sessions.filter(
          (one) => isLive(model, one, clock()) && one.data.userId === owner && one.id !== except,
        );
        expect(await manager.destroyByUser(owner, except === undefined ? {} : { except })).toBe(ended.length);
        for (const { id } of ended) model.dead.add(id);
      }),
  ),
];

async function agrees(
  create: (clock: () => number) => SessionStore,
  steps: fc.Arbitrary<Step>[],
  runs: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: "max" }), async (commands) => {
      const { sessions: manager, clock } = fixture(create, {
        ttl: TTL,
        absoluteTtl: ABSOLUTE,
        touchInterval: INTERVAL,
      });
      await fc.asyncModelRun(
        () => ({
          model: { sessions: [], dead: new Set<string>() },
          real: { manager, clock, wholeSeconds: create !== createMemory },
        }),
        commands,
      );
    }),
    { numRuns: runs },
  );
}

describe.each(storeKinds)("any sequence of calls does what a simple model says: %s", (_, create) => {
  test("on one session at a time", async () => {
    await agrees(create, commonSteps, 300);
  });
});

test("any sequence of calls does what a simple model says: by user, on memory", async () => {
  await agrees(createMemory, [...commonSteps, ...userSteps], 300);
});

function withoutProto(data: Record<string, unknown>): Record<string, unknown> {
  const replaced = JSON.stringify(data, (key, value) => (key === "__proto__" ? undefined : value));
  return { ...data, ...JSON.parse(replaced) };
}
