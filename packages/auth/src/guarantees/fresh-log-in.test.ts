import { describe, expect, test } from "bun:test";
import { createFourMethodStore } from "@ventostack/testing";
import type { SessionManager } from "../index.ts";
import { createMemory, createThreeFieldStore, fixture, outcomeOf, storeKinds } from "./fixtures.test-kit.ts";

describe.each(storeKinds)("when the user last proved who they are [ASVS 7.5.1, 7.5.3]: %s", (_, create) => {
  async function signedIn() {
    const made = fixture(create);
    const created = await made.sessions.create({ userId: "u1" });
    return { ...made, created, at: made.clock() };
  }
  const authenticatedAt = async (sessions: SessionManager, id: string): Promise<number | undefined> =>
    (await sessions.get(id))?.authenticatedAt;

  test("is the log-in, and fresh for less than the age that is asked for", async () => {
    const { sessions, clock, created, at } = await signedIn();
    expect(created.authenticatedAt).toBe(at);
    clock.advance(59_999);
    const session = await sessions.get(created.id);
    expect(session?.authenticatedAt).toBe(at);
    expect([sessions.isFresh(session, 60), sessions.isFresh(session, 59)]).toEqual([true, false]);
    clock.advance(1);
    expect(sessions.isFresh(session, 60)).toBe(false);
  });

  test("[SEC-10] stays what it was through use, changes, and new ids", async () => {
    const { sessions, clock, created, at } = await signedIn();
    clock.advance(1000);
    await sessions.touch(created.id);
    await sessions.refresh(created.id);
    await sessions.update(created.id, { userId: "u1", theme: "dark" });
    await sessions.setDevice(created.id, { label: "phone" });
    const moved = await sessions.regenerate(created.id, { role: "admin" });
    expect(moved?.authenticatedAt).toBe(at);
    expect(await authenticatedAt(sessions, moved?.id ?? "")).toBe(at);
  });

  test("moves where a regenerate says that they have done so again", async () => {
    const { sessions, clock, created } = await signedIn();
    clock.advance(1000);
    const moved = await sessions.regenerate(created.id, {}, { authenticated: true });
    expect(moved?.authenticatedAt).toBe(clock());
    expect(moved?.createdAt).toBe(created.createdAt ?? 0);
    clock.advance(1000);
    expect((await sessions.regenerate(moved?.id ?? ""))?.authenticatedAt).toBe(clock() - 1000);
  });

  test.each(["update", "regenerate"] as const)("moves where %s names another user", async (by) => {
    const { sessions, clock } = await signedIn();
    const { id, authenticatedAt: before } = await sessions.create({ cart: 1 });
    expect(before).toBeUndefined();
    clock.advance(1000);
    const after = await sessions[by](id, { userId: "u1" });
    const now = by === "regenerate" ? (after?.id ?? "") : id;
    expect(await authenticatedAt(sessions, now)).toBe(clock());
    clock.advance(1000);
    await sessions.update(now, { userId: "u2" });
    expect(await authenticatedAt(sessions, now)).toBe(clock());
  });

  test("is forgotten with the user, who is not fresh for having been there before", async () => {
    const { sessions, created } = await signedIn();
    await sessions.update(created.id, { userId: undefined });
    const anonymous = await sessions.get(created.id);
    expect(anonymous).not.toHaveProperty("authenticatedAt");
    expect(sessions.isFresh(anonymous, 60)).toBe(false);
  });

  test("is no matter of what userIdOf makes of the same data since", async () => {
    const { another, clock, created, at, sessions } = await signedIn();
    clock.advance(1000);
    await another({ userIdOf: (data) => `new:${data.userId}` }).update(created.id, { theme: "dark" });
    expect(await authenticatedAt(sessions, created.id)).toBe(at);
  });
});

test("a listing shows it", async () => {
  const { sessions, clock } = fixture(createMemory);
  const { id } = await sessions.create({ userId: "u1" });
  clock.advance(1000);
  await sessions.regenerate(id, {}, { authenticated: true });
  expect(await sessions.listByUser("u1")).toMatchObject([{ authenticatedAt: clock() }]);
});

test("nothing is noted where the creation says it", async () => {
  const { sessions, gated } = fixture(createMemory);
  const { id } = await sessions.create({ userId: "u1" });
  await sessions.update(id, { a: 1 });
  expect(JSON.stringify(gated.calls)).not.toContain("notes");
});

test("on a store that keeps neither notes nor the time of creation nobody is fresh", async () => {
  const { sessions } = fixture(createThreeFieldStore);
  const created = await sessions.create({ userId: "u1" });
  const moved = await sessions.regenerate(created.id, {}, { authenticated: true });
  const found = await sessions.get(moved?.id ?? "");
  expect(found).toMatchObject({ data: { userId: "u1" } });
  expect(sessions.isFresh(found, 1e9)).toBe(false);
});

test("nobody is fresh for no time, and nothing else than a duration is asked for", () => {
  const { sessions, clock } = fixture(createMemory);
  expect(sessions.isFresh({ authenticatedAt: clock() }, 0)).toBe(false);
  expect(sessions.isFresh(null, 60)).toBe(false);
  for (const age of [Number.NaN, -1, Number.POSITIVE_INFINITY, "60", undefined]) {
    expect(() => sessions.isFresh(null, age as number)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining("maxAgeSeconds") }),
    );
  }
});

describe.each([
  ["memory", createMemory],
  ["four methods", createFourMethodStore],
] as const)("the device: %s", (_, create) => {
  const firefox = { userAgent: "Firefox/130", address: "192.0.2.7" };

  test("is noted at the creation and shown with the session", async () => {
    const { sessions } = fixture(create);
    const { id, device } = await sessions.create({ userId: "u1" }, { device: { ...firefox, label: null } });
    expect(device).toEqual(firefox);
    expect((await sessions.get(id))?.device).toEqual(firefox);
    expect((await sessions.refresh(id))?.device).toEqual(firefox);
    expect((await sessions.merge(id, { a: 1 }))?.device).toEqual(firefox);
    expect(await sessions.create()).not.toHaveProperty("device");
  });

  test("is changed field by field, and moves with the session", async () => {
    const { sessions } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" }, { device: firefox });
    await sessions.setDevice(id, { label: "Ada's laptop", address: null });
    const named = { userAgent: "Firefox/130", label: "Ada's laptop" };
    expect((await sessions.get(id))?.device).toEqual(named);
    const moved = await sessions.regenerate(id, {}, { device: { address: "192.0.2.9" } });
    expect(moved?.device).toEqual({ ...named, address: "192.0.2.9" });
    expect((await sessions.get(moved?.id ?? ""))?.device).toEqual({ ...named, address: "192.0.2.9" });
  });

  test("leaves data, end and freshness alone, and is nothing where there is no session", async () => {
    const { sessions, clock, gated } = fixture(create);
    const created = await sessions.create({ userId: "u1" });
    clock.advance(1000);
    await sessions.setDevice(created.id, { label: "phone" });
    expect(await sessions.get(created.id)).toEqual({ ...created, device: { label: "phone" } });
    await sessions.destroy(created.id);
    gated.calls.length = 0;
    await sessions.setDevice(created.id, { label: "phone" });
    await sessions.setDevice("no id", { label: "phone" });
    expect(gated.calls.map(([method]) => method)).toEqual([create === createMemory ? "load" : "get"]);
  });

  test("that is none is INVALID_DATA, and nothing is written", async () => {
    const { sessions, gated } = fixture(create);
    const bad = { device: { label: 7 as unknown as string } };
    expect(await outcomeOf(sessions.create({}, bad))).toMatchObject({ code: "INVALID_DATA" });
    const { id } = await sessions.create();
    gated.calls.length = 0;
    expect(await outcomeOf(sessions.regenerate(id, {}, bad))).toMatchObject({ code: "INVALID_DATA" });
    expect(await outcomeOf(sessions.setDevice(id, bad.device))).toMatchObject({ code: "INVALID_DATA" });
    expect(gated.calls).toEqual([]);
  });
});

test("a listing shows the devices", async () => {
  const { sessions } = fixture(createMemory);
  await sessions.create({ userId: "u1" }, { device: { label: "phone" } });
  const [info] = await sessions.listByUser("u1");
  expect(info?.device).toEqual({ label: "phone" });
});
