import { afterAll, beforeAll, expect, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import fc from "fast-check";
import { expectSound } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";
import type { RemoteManager } from "./workers.test-kit.ts";

let fixture: Fixture;
let here: SessionManager;

beforeAll(async () => {
  fixture = await startFixture(2);
  here = fixture.manager();
});
afterAll(() => fixture.stop());

/** What a session is, as simply as it can be said; a dead one stays in the list, so that its id is tried again. */
interface ModelSession {
  readonly id: string;
  readonly data: Record<string, unknown>;
  alive: boolean;
  /** When it ends, as was last told: milliseconds since the epoch. */
  expiresAt: number;
}

type Model = ModelSession[];

interface Real {
  /** Each step is done by one of these processes. */
  manager(number: number): RemoteManager;
}

/** Does the same to the real manager and to the model, and compares. */
class Step implements fc.AsyncCommand<{ sessions: Model }, Real> {
  readonly name: string;
  readonly act: (model: Model, real: RemoteManager) => Promise<void>;
  readonly by: number;

  constructor(name: string, by: number, act: (model: Model, real: RemoteManager) => Promise<void>) {
    this.name = name;
    this.act = act;
    this.by = by;
  }
  check = (): boolean => true;
  run = ({ sessions }: { sessions: Model }, real: Real): Promise<void> =>
    this.act(sessions, real.manager(this.by));
  toString = (): string => `${this.name} by ${this.by}`;
}

const TTL = 1000;
const index = fc.nat(12);
const by = fc.nat(2);
const user = fc.constantFrom("u1", "u2", undefined);
const changes = fc.record(
  {
    userId: user,
    a: fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }),
    b: fc.constantFrom(1, null, undefined),
  },
  { requiredKeys: [] },
);

/** On the session that `picked` names, dead or alive. */
function onSession(
  name: string,
  picked: number,
  process: number,
  act: (session: ModelSession, manager: RemoteManager, model: Model) => Promise<void>,
): Step {
  return new Step(`${name} #${picked}`, process, async (model, manager) => {
    const session = model[picked % Math.max(model.length, 1)];
    if (session !== undefined) await act(session, manager, model);
  });
}

function patched(data: Record<string, unknown>, change: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ ...data, ...withoutProto(change) }));
}

/** What is told of a live session has to be what the model knows; `null` of a dead one. */
function agree(
  found: { data: object; expiresAt: number } | null,
  session: ModelSession,
  extended: boolean,
): void {
  if (!session.alive) {
    expect(found).toBeNull();
    return;
  }
  expect(found?.data).toEqual(session.data);
  if (!extended) expect(found?.expiresAt).toBe(session.expiresAt);
  expect(found?.expiresAt).toBeGreaterThanOrEqual(session.expiresAt);
  session.expiresAt = Number(found?.expiresAt);
}

const steps: fc.Arbitrary<Step>[] = [
  fc.tuple(changes, by).map(
    ([data, process]) =>
      new Step(`create ${JSON.stringify(data)}`, process, async (model, manager) => {
        const { id, expiresAt } = await manager.create(data);
        model.push({ id, data: patched({}, data), alive: true, expiresAt });
      }),
  ),
  fc
    .tuple(index, by)
    .map(([picked, process]) =>
      onSession("get", picked, process, async (session, manager) =>
        agree(await manager.get(session.id), session, false),
      ),
    ),
  fc.tuple(index, by, changes).map(([picked, process, change]) =>
    onSession(`merge ${JSON.stringify(change)}`, picked, process, async (session, manager) => {
      const merged = await manager.merge(session.id, change);
      const data = patched(session.data, change);
      if (session.alive) replaceData(session, data);
      agree(merged, session, false);
    }),
  ),
  fc
    .tuple(index, by)
    .map(([picked, process]) =>
      onSession("refresh", picked, process, async (session, manager) =>
        agree(await manager.refresh(session.id), session, true),
      ),
    ),
  fc.tuple(index, by).map(([picked, process]) =>
    onSession("refreshIfDue", picked, process, async (session, manager) => {
      const refreshed = await manager.refreshIfDue(session.id);
      agree(refreshed?.session ?? null, session, false);
    }),
  ),
  fc.tuple(index, by, changes).map(([picked, process, change]) =>
    onSession(`regenerate ${JSON.stringify(change)}`, picked, process, async (session, manager, model) => {
      const moved = await manager.regenerate(session.id, change);
      if (!session.alive) return expect(moved).toBeNull();
      session.alive = false;
      const next = { ...session, id: moved?.id ?? "", data: patched(session.data, change), alive: true };
      model.push(next);
      return agree(moved, next, true);
    }),
  ),
  fc.tuple(index, by).map(([picked, process]) =>
    onSession("destroy", picked, process, async (session, manager) => {
      await manager.destroy(session.id);
      session.alive = false;
    }),
  ),
  fc.tuple(index, by, user).map(([picked, process, owner = "nobody"]) =>
    onSession(`destroyByHandle of ${owner}`, picked, process, async (session, manager) => {
      const ended = await manager.destroyByHandle(owner, here.handleOf(session.id));
      expect(ended).toBe(session.alive && session.data.userId === owner);
      if (ended) session.alive = false;
    }),
  ),
  fc.tuple(fc.constantFrom("u1", "u2", "nobody"), by).map(
    ([owner, process]) =>
      new Step(`listByUser ${owner}`, process, async (model, manager) => {
        const listed = await manager.listByUser(owner);
        expect(listed.map(({ handle }) => handle).sort()).toEqual(
          ofUser(model, owner)
            .map(({ id }) => here.handleOf(id))
            .sort(),
        );
      }),
  ),
  fc.tuple(fc.constantFrom("u1", "u2"), fc.option(index, { nil: undefined }), by).map(
    ([owner, spared, process]) =>
      new Step(`destroyByUser ${owner} except ${spared}`, process, async (model, manager) => {
        const except = spared === undefined ? undefined : model[spared]?.id;
        const ended = ofUser(model, owner).filter(({ id }) => id !== except);
        expect(await manager.destroyByUser(owner, except === undefined ? {} : { except })).toBe(ended.length);
        for (const session of ended) session.alive = false;
      }),
  ),
];

test("any sequence of calls, each by one of three processes, does what a simple model says", async () => {
  const local = fixture.manager({ ttl: TTL });
  const managers: RemoteManager[] = [local, ...fixture.workers.map((worker) => worker.with({ ttl: TTL }))];
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 40, size: "max" }), async (commands) => {
      await fixture.server.command("FLUSHALL");
      const model: Model = [];
      await fc.asyncModelRun(
        () => ({
          model: { sessions: model },
          real: { manager: (number) => managers[number % managers.length] ?? local },
        }),
        commands,
      );
      const { sessions } = await expectSound(fixture.server);
      const alive = model.filter((session) => session.alive);
      expect(sessions.map(({ id }) => id).sort()).toEqual(alive.map(({ id }) => here.handleOf(id)).sort());
    }),
    { numRuns: 120 },
  );
}, 30_000);

function ofUser(model: Model, owner: string): Model {
  return model.filter(({ alive, data }) => alive && data.userId === owner);
}

function replaceData(session: ModelSession, data: Record<string, unknown>): void {
  for (const key of Object.keys(session.data)) delete session.data[key];
  Object.assign(session.data, data);
}

function withoutProto(data: object): object {
  const replaced = JSON.stringify(data, (key, value) => (key === "__proto__" ? undefined : value));
  return { ...data, ...JSON.parse(replaced) };
}
