import { afterAll, beforeAll, expect, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { expectSound, findFlaws, readDatabase } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";
import type { RemoteManager } from "./workers.test-kit.ts";

let fixture: Fixture;
let here: SessionManager;

beforeAll(async () => {
  fixture = await startFixture(4);
  here = fixture.manager();
});
afterAll(() => fixture.stop());

/** One log-in and all the ids that it has had. */
interface LogIn {
  readonly userId: string;
  readonly ids: string[];
  /** The keys of the merges that were told to have happened. */
  readonly merged: string[];
  /** Since a call that ends it has resolved. */
  isDead: boolean;
}

const USERS = 5;
const OPERATIONS = 4000;

test("any operations at once by four processes: what each was told stays true", async () => {
  const logIns: LogIn[] = [];
  let random = 12_345;
  const pick = (below: number): number => {
    random = (random * 48_271) % 2_147_483_647;
    return random % below;
  };
  const violations: string[] = [];

  async function begin(sessions: RemoteManager): Promise<void> {
    const userId = `u${pick(USERS)}`;
    const { id } = await sessions.create({ userId });
    logIns.push({ userId, ids: [id], merged: [], isDead: false });
  }

  async function endUser(sessions: RemoteManager, userId: string): Promise<void> {
    const before = logIns.filter((logIn) => logIn.userId === userId);
    await sessions.destroyByUser(userId);
    for (const logIn of before) logIn.isDead = true;
  }

  async function onLogIn(sessions: RemoteManager, logIn: LogIn, operation: number): Promise<void> {
    const wasDead = logIn.isDead;
    // The newest id mostly, and now and then one that is dead already.
    const id = logIn.ids[logIn.ids.length - 1 - (pick(4) === 0 ? pick(logIn.ids.length) : 0)] ?? "";
    let told: object | null | undefined;
    if (operation < 5) {
      const key = `k${operation}-${pick(1_000_000_000)}`;
      told = await sessions.merge(id, { [key]: 1 });
      if (told !== null) logIn.merged.push(key);
    } else if (operation < 8) {
      const moved = await sessions.regenerate(id);
      told = moved;
      if (moved !== null) logIn.ids.push(moved.id);
    } else if (operation < 10) told = await sessions.refresh(id);
    else if (operation < 12) told = await sessions.get(id);
    else {
      await sessions.destroy(id);
      // The id that it had may have been an old one, or moved on in the meantime.
      return;
    }
    if (wasDead && told !== null) violations.push("a dead session was given out");
  }

  let left = OPERATIONS;
  async function lane(number: number): Promise<void> {
    while (left-- > 0) {
      const { sessions } = fixture.worker((number + pick(4)) % 4);
      const choice = pick(40);
      const logIn = logIns[Math.max(logIns.length - 1 - pick(12), 0)];
      if (choice < 8 || logIn === undefined) await begin(sessions);
      else if (choice === 8) await endUser(sessions, logIn.userId);
      else if (choice === 9) await sessions.listByUser(logIn.userId);
      else await onLogIn(sessions, logIn, choice % 13);
    }
  }
  async function watch(): Promise<void> {
    while (left > 0) violations.push(...findFlaws(await readDatabase(fixture.server)));
  }
  await Promise.all([...Array.from({ length: 24 }, (_, number) => lane(number)), watch()]);
  expect(violations).toEqual([]);

  const { sessions } = await expectSound(fixture.server);
  let alive = 0;
  for (const { ids, merged, isDead } of logIns) {
    const names = ids.map(here.handleOf);
    const found = sessions.filter(({ id }) => names.includes(id));
    // However often it moved, it is in one place at most, and there only if nobody ended it.
    expect(found.length).toBeLessThanOrEqual(isDead ? 0 : 1);
    alive += found.length;
    for (const { record } of found)
      expect(Object.keys(Object(record.data))).toEqual(expect.arrayContaining(merged));
  }
  // And there is none that nobody was told of.
  expect(sessions.length).toBe(alive);
  expect(alive).toBeGreaterThan(10);

  let ended = 0;
  for (let user = 0; user < USERS; user++) {
    const listed = await here.listByUser(`u${user}`);
    const count = await here.destroyByUser(`u${user}`);
    expect(count).toBe(listed.length);
    ended += count;
  }
  expect(ended).toBe(alive);
  expect((await expectSound(fixture.server)).sessions).toEqual([]);
}, 30_000);
