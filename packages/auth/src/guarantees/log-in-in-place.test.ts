import { describe, expect, test } from "bun:test";
import { createSessionManager, type SessionManager, type SessionOptions } from "../index.ts";
import {
  createMemory,
  createWithoutReplace,
  type Fixture,
  fixture,
  outcomeOf,
  storeKinds,
} from "./fixtures.test-kit.ts";

async function liveOf(sessions: SessionManager, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => sessions.get(id)));
  return ids.filter((_, at) => found[at] !== null);
}

describe.each(storeKinds)("a log-in in place of a session: %s", (_, create) => {
  test("ends that session, whoever's it was, and no other", async () => {
    const { sessions } = fixture(create);
    const [anonymous, mine, other] = [
      await sessions.create({ cart: 1 }),
      await sessions.create({ userId: "u1" }),
      await sessions.create({ userId: "u1" }),
    ];
    const first = await sessions.create({ userId: "u1" }, { replaces: anonymous.id });
    const second = await sessions.create({ userId: "u1" }, { replaces: mine.id });
    const ids = [anonymous, mine, other, first, second].map(({ id }) => id);
    expect(await liveOf(sessions, ids)).toEqual([other.id, first.id, second.id]);
  });

  test.each(["", "../x", "A".repeat(43)])("what names no session is none: %p", async (replaces) => {
    const { sessions } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" }, { replaces });
    expect(await liveOf(sessions, [id])).toEqual([id]);
  });
});

describe.each([
  ["memory", createMemory],
  ["a store without replace", createWithoutReplace],
] as const)("maxPerUser, and a log-in in place of a session: %s", (_, create) => {
  const limited = (options: SessionOptions = {}): Fixture => fixture(create, { maxPerUser: 2, ...options });

  test.each(["evict-oldest", "reject"] as const)("%s: that one takes no place", async (onLimit) => {
    const { sessions } = limited({ onLimit });
    const phone = await sessions.create({ userId: "u1" });
    const browser = await sessions.create({ userId: "u1" });
    const again = await sessions.create({ userId: "u1" }, { replaces: browser.id });
    const ids = [phone.id, browser.id, again.id];
    expect(await liveOf(sessions, ids)).toEqual([phone.id, again.id]);
  });

  test("nor in the looks of others, until it has ended", async () => {
    const { sessions, gated } = limited({ maxPerUser: 3 });
    const phone = await sessions.create({ userId: "u1" });
    const browser = await sessions.create({ userId: "u1" });
    const held = gated.holdBefore("delete");
    const again = sessions.create({ userId: "u1" }, { replaces: browser.id });
    await held.reached;
    const tablet = await sessions.create({ userId: "u1" });
    held.release();
    const ids = [phone.id, browser.id, tablet.id, (await again).id];
    expect(await liveOf(sessions, ids)).toEqual(ids.filter((id) => id !== browser.id));
    await sessions.create({ userId: "u1" });
    expect(await liveOf(sessions, ids)).toEqual([tablet.id, (await again).id]);
  });

  test("reject: beyond the others it is refused, and the session from before goes on", async () => {
    const { sessions, another } = limited({ onLimit: "reject" });
    const others = [await sessions.create({ userId: "u1" }), await sessions.create({ userId: "u1" })];
    const mine = await another().create({ userId: "u2" });
    const refused = await outcomeOf(sessions.create({ userId: "u1" }, { replaces: mine.id }));
    expect(refused).toMatchObject({ code: "LIMIT_REACHED" });
    const ids = [...others, mine].map(({ id }) => id);
    expect(await liveOf(sessions, ids)).toEqual(ids);
  });
});

describe("a log-in in place of a session, and a store that fails [G6]", () => {
  test.each(["listByUser", "delete"] as const)(
    "in %s: the session from before goes on, and the new one is not left behind",
    async (method) => {
      const { gated, clock, sessions } = fixture(createMemory);
      const { id } = await sessions.create({ userId: "u1" });
      let failures = 1;
      const call = gated.store[method] as (...args: unknown[]) => Promise<never>;
      const failing = {
        ...gated.store,
        [method]: async (...args: unknown[]) => {
          if (failures-- > 0) throw new Error("down");
          return call(...args);
        },
      };
      const flaky = createSessionManager(failing, { clock, maxPerUser: 2 });
      const outcome = await outcomeOf(flaky.create({ userId: "u1" }, { replaces: id }));
      expect(outcome).toMatchObject({ code: "STORE_UNAVAILABLE" });
      expect((await sessions.listByUser("u1")).map(({ handle }) => handle)).toEqual([sessions.handleOf(id)]);
    },
  );
});
