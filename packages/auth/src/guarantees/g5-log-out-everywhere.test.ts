import { describe, expect, test } from "bun:test";
import { createFourMethodStore } from "@ventostack/testing";
import { SessionError, type StoredSession } from "../index.ts";
import {
  createMemory,
  createThreeFieldStore,
  createWithoutReplace,
  fixture,
  outcomeOf,
  turnOfTheLoop,
} from "./fixtures.test-kit.ts";

describe("G5 log out everywhere is exact: memory", () => {
  test("[SEC-08] ends every session of the user, no other one's, and counts them", async () => {
    const { sessions, another } = fixture(createMemory);
    const ada = await Promise.all([1, 2, 3].map((device) => another().create({ userId: "ada", device })));
    const grace = await sessions.create({ userId: "grace" });
    const anonymous = await sessions.create({ cart: 1 });
    expect(await sessions.destroyByUser("ada")).toBe(3);
    for (const { id } of ada) expect(await sessions.get(id)).toBeNull();
    expect(await sessions.get(grace.id)).not.toBeNull();
    expect(await sessions.get(anonymous.id)).not.toBeNull();
    expect(await sessions.destroyByUser("ada")).toBe(0);
  });

  test("[SEC-08] spares the session that asks [ASVS 7.4.3]", async () => {
    const { sessions } = fixture(createMemory);
    const [mine, other] = await Promise.all([
      sessions.create({ userId: "u1" }),
      sessions.create({ userId: "u1" }),
    ]);
    expect(await sessions.destroyByUser("u1", { except: mine.id })).toBe(1);
    expect(await sessions.get(mine.id)).not.toBeNull();
    expect(await sessions.get(other.id)).toBeNull();
  });

  test("an except that is no id spares nothing", async () => {
    const { sessions } = fixture(createMemory);
    const { id } = await sessions.create({ userId: "u1" });
    expect(await sessions.destroyByUser("u1", { except: sessions.handleOf(id) })).toBe(1);
    expect(await sessions.get(id)).toBeNull();
  });

  test("counts live sessions only", async () => {
    const { sessions, clock } = fixture(createMemory, { ttl: 60 });
    await sessions.create({ userId: "u1" });
    clock.advance(60_000);
    await sessions.create({ userId: "u1" });
    expect(await sessions.destroyByUser("u1")).toBe(1);
  });

  test("a session that changes hands by update or regenerate goes with its new user", async () => {
    const { sessions } = fixture(createMemory);
    const updated = await sessions.create({ userId: "a" });
    const regenerated = await sessions.create({ userId: "a" });
    const signedOut = await sessions.create({ userId: "a" });
    await sessions.update(updated.id, { userId: "b" });
    const moved = await sessions.regenerate(regenerated.id, { userId: "b" });
    await sessions.update(signedOut.id, { userId: undefined });
    expect(await sessions.destroyByUser("a")).toBe(0);
    expect((await sessions.listByUser("b")).length).toBe(2);
    expect(await sessions.destroyByUser("b")).toBe(2);
    expect(await sessions.get(updated.id)).toBeNull();
    expect(await sessions.get(moved?.id ?? "")).toBeNull();
    expect(await sessions.get(signedOut.id)).not.toBeNull();
  });

  test("[SEC-08] 1000 rounds of log-ins and regenerates racing it: none made before survives", async () => {
    const { sessions, another } = fixture(createMemory);
    let survivors = 0;
    for (let round = 0; round < 1000; round++) {
      const userId = `u${round}`;
      const made = await Promise.all([sessions.create({ userId }), another().create({ userId })]);
      const [, regenerated] = await Promise.all([
        sessions.destroyByUser(userId),
        another().regenerate(made[0].id),
        sessions.update(made[1].id, { late: 1 }),
        another().create({ userId }),
      ]);
      const ids = [made[0].id, made[1].id, regenerated?.id ?? ""];
      const found = await Promise.all(ids.map((id) => sessions.get(id)));
      survivors += found.filter((session) => session !== null).length;
    }
    expect(survivors).toBe(0);
  });

  test("managers with different prefixes do not see each other's users", async () => {
    const { sessions, another } = fixture(createMemory);
    const admin = another({ prefix: "admin:" });
    await sessions.create({ userId: "u1" });
    const other = await admin.create({ userId: "u1" });
    expect(await sessions.destroyByUser("u1")).toBe(1);
    expect(await admin.get(other.id)).not.toBeNull();
    expect(await sessions.get(other.id)).toBeNull();
  });

  test("userIdOf says whose a session is", async () => {
    const { another } = fixture(createMemory);
    const sessions = another({ userIdOf: (data) => (data.account as { id: string } | undefined)?.id });
    await sessions.create({ account: { id: "u1" }, userId: "not this" });
    expect(await sessions.destroyByUser("not this")).toBe(0);
    expect(await sessions.destroyByUser("u1")).toBe(1);
  });
});

test("G5 log out everywhere is exact: a regenerate that has to try again does so under another id", async () => {
  const { sessions, another, gated } = fixture(createMemory);
  const { id } = await sessions.create({ userId: "u1" });
  const held = gated.holdBefore("replace");
  const regenerating = sessions.regenerate(id);
  await held.reached;
  await another().update(id, { a: 1 });
  held.release();
  const moved = await regenerating;
  const tried = gated.calls
    .filter(([method, key]) => method === "replace" && key === `session:${sessions.handleOf(id)}`)
    .map(([, , session]) => (session as StoredSession).id)
    .filter((key) => key !== `session:${sessions.handleOf(id)}`);
  // A store may still be clearing up after the first try when it is told of the second.
  expect(new Set(tried).size).toBe(2);
  expect(tried.at(-1)).toBe(`session:${sessions.handleOf(moved?.id ?? "")}`);
});

describe("listByUser and destroyByHandle", () => {
  test("list the user's live sessions, newest first, by handle", async () => {
    const { sessions, clock } = fixture(createMemory);
    const older = await sessions.create({ userId: "u1", device: "phone" });
    clock.advance(1000);
    const newer = await sessions.create({ userId: "u1", device: "laptop" });
    await sessions.create({ userId: "u2" });
    expect(await sessions.listByUser("u1")).toEqual(
      [newer, older].map(({ id, data, createdAt = 0, expiresAt }) => ({
        handle: sessions.handleOf(id),
        data,
        createdAt,
        expiresAt,
        authenticatedAt: createdAt,
      })),
    );
  });

  test.each([true, false])(
    "a handle ends that session, for its own user only (hashIds: %p) [ASVS 7.4.5]",
    async (hashIds) => {
      const { sessions } = fixture(createMemory, { hashIds });
      const { id } = await sessions.create({ userId: "u1" });
      const handle = sessions.handleOf(id);
      expect(await sessions.destroyByHandle("u2", handle)).toBe(false);
      expect(await sessions.destroyByHandle("u1", id)).toBe(false);
      expect(await sessions.destroyByHandle("u1", "../x")).toBe(false);
      expect(await sessions.get(id)).not.toBeNull();
      expect(await sessions.destroyByHandle("u1", handle)).toBe(true);
      expect(await sessions.get(id)).toBeNull();
      expect(await sessions.destroyByHandle("u1", handle)).toBe(false);
    },
  );
});

describe("a store of four methods", () => {
  test("cannot find a user's sessions, and says so rather than 0", async () => {
    const { sessions } = fixture(createFourMethodStore);
    const { id } = await sessions.create({ userId: "u1" });
    for (const call of [sessions.listByUser("u1"), sessions.destroyByUser("u1")]) {
      const error = await call.then(String, (thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SessionError);
      expect(error).toMatchObject({ code: "UNSUPPORTED" });
    }
    expect(await sessions.get(id)).not.toBeNull();
  });

  test("can end one session by its handle", async () => {
    const { sessions } = fixture(createFourMethodStore);
    const { id } = await sessions.create({ userId: "u1" });
    expect(await sessions.destroyByHandle("u2", sessions.handleOf(id))).toBe(false);
    expect(await sessions.destroyByHandle("u1", sessions.handleOf(id))).toBe(true);
    expect(await sessions.get(id)).toBeNull();
  });
});

test("a store with deleteByUser but no replace: an update in flight does not bring a session back", async () => {
  const { sessions, gated } = fixture(createWithoutReplace);
  const { id } = await sessions.create({ userId: "u1" });
  const held = gated.holdAfter("get");
  const updating = sessions.update(id, { late: 1 });
  await held.reached;
  const ending = sessions.destroyByUser("u1");
  await turnOfTheLoop();
  held.release();
  await updating;
  expect(await ending).toBe(1);
  expect(await sessions.get(id)).toBeNull();
});

test("a store with deleteByUser but no replace: spares the session that asks, and one that has changed hands", async () => {
  const { sessions, gated } = fixture(createWithoutReplace);
  const mine = await sessions.create({ userId: "u1" });
  const other = await sessions.create({ userId: "u1" });
  const leaving = await sessions.create({ userId: "u1" });
  const listed = gated.holdAfter("listByUser");
  const ending = sessions.destroyByUser("u1", { except: mine.id });
  await listed.reached;
  await sessions.update(leaving.id, { userId: "u2" });
  listed.release();
  expect(await ending).toBe(1);
  expect(await sessions.get(mine.id)).not.toBeNull();
  expect(await sessions.get(other.id)).toBeNull();
  expect(await sessions.get(leaving.id)).not.toBeNull();
});

test("a store that keeps three fields: destroyByHandle goes by the data, not by a user that was not kept", async () => {
  const { sessions } = fixture(createThreeFieldStore);
  const { id } = await sessions.create({ userId: "u1" });
  expect(await sessions.destroyByHandle("u2", sessions.handleOf(id))).toBe(false);
  expect(await sessions.destroyByHandle("u1", sessions.handleOf(id))).toBe(true);
});

describe("what names no user is refused rather than taken for a user without sessions", () => {
  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ['""', ""],
    ["42", 42],
    ["an array", ["u1"]],
    ["an object", { id: "u1" }],
  ])("%s", async (shown, value) => {
    const { sessions, gated } = fixture(createMemory);
    const { id } = await sessions.create({ userId: "" });
    gated.calls.length = 0;
    const userId = value as string;
    for (const call of [
      sessions.listByUser(userId),
      sessions.destroyByUser(userId),
      sessions.destroyByHandle(userId, sessions.handleOf(id)),
    ]) {
      expect(await outcomeOf(call)).toMatchObject({
        code: "INVALID_OPTION",
        message: expect.stringContaining(`userId is ${shown};`),
      });
    }
    expect(gated.calls).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    ["null", () => null],
    ["a number", () => 42],
    ["a promise", async () => "u1"],
    ["an object", () => ({ id: "u1" })],
  ])("userIdOf that gives %s", async (_, userIdOf) => {
    const { sessions, gated } = fixture(createMemory, { userIdOf: userIdOf as () => string });
    const error = await outcomeOf(sessions.create({ userId: "u1" }));
    expect(error).toMatchObject({ code: "INVALID_OPTION", message: expect.stringContaining("userIdOf") });
    expect(gated.calls).toEqual([]);
  });

  test("while data with an empty userId is an anonymous session", async () => {
    const { sessions, gated } = fixture(createMemory);
    const { id } = await sessions.create({ userId: "" });
    expect(gated.calls[0]?.[1]).not.toHaveProperty("userKey");
    expect(await sessions.get(id)).not.toBeNull();
  });
});
