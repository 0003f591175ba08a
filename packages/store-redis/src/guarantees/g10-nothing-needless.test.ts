import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { until } from "@ventostack/testing/redis";
import { isRunOf, labelOf, readDatabase } from "./database.test-kit.ts";
import { type Fixture, startFixture } from "./fixtures.test-kit.ts";

let fixture: Fixture;
let here: SessionManager;

beforeAll(async () => {
  fixture = await startFixture();
  here = fixture.manager();
});
beforeEach(async () => {
  await fixture.server.command("FLUSHALL");
});
afterAll(() => fixture.stop());

interface Cost {
  /** Each command that the call waits for; every one of them is a round trip of its own. */
  readonly awaited: readonly string[];
  /** What follows without being waited for. */
  readonly after?: readonly string[];
}

async function costs(call: () => Promise<unknown>, { awaited, after = [] }: Cost): Promise<void> {
  const held = fixture.proxy.holdBefore((command) => after.length > 0 && labelOf(command) === after[0]);
  const { proxy } = fixture;
  const begin = proxy.commands.length;
  const trips = proxy.roundTrips;
  // It resolves although what follows stands still.
  await call();
  if (after.length > 0) await held.reached;
  expect(proxy.roundTrips - trips).toBe(awaited.length + (after.length > 0 ? 1 : 0));
  held.release();
  await fixture.client.send("PING", []);
  const labels = proxy.commands.slice(begin).map(labelOf);
  expect(labels).toEqual([...awaited, ...after, "PING"]);
}

describe("G10 nothing needless: round trips", () => {
  test("create: 1 without a user, 2 with one", async () => {
    await costs(() => here.create({ cart: 1 }), { awaited: ["WRITE"] });
    await costs(() => here.create({ userId: "u1" }), { awaited: ["INDEX", "WRITE"] });
  });

  test("get, touch, refresh and refreshIfDue: 1, dead or alive", async () => {
    const { id } = await here.create({ userId: "u1" });
    const dead = Buffer.alloc(32, 5).toString("base64url");
    for (const each of [id, dead]) {
      await costs(() => here.get(each), { awaited: ["GET"] });
      await costs(() => here.touch(each), { awaited: ["REFRESH"] });
      await costs(() => here.refresh(each), { awaited: ["REFRESH"] });
      await costs(() => here.refreshIfDue(each), { awaited: ["REFRESH"] });
    }
  });

  test("a touch of a session whose user's set has to be extended: 3, once in about three lifetimes", async () => {
    const { id } = await here.create({ userId: "u1" });
    const longer = fixture.manager({ ttl: 100_000 });
    await costs(() => longer.touch(id), { awaited: ["REFRESH", "INDEX", "REFRESH"] });
    await costs(() => longer.touch(id), { awaited: ["REFRESH"] });
    const anonymous = await here.create();
    await costs(() => longer.touch(anonymous.id), { awaited: ["REFRESH"] });
  });

  test("update: 2, and 2 more where the session changes hands", async () => {
    const { id } = await here.create({ userId: "u1" });
    await costs(() => here.update(id, { a: 1 }), { awaited: ["GET", "REPLACE"] });
    await costs(() => here.merge(id, { a: undefined }), { awaited: ["GET", "REPLACE"] });
    await costs(() => here.update(id, { userId: "u2" }), {
      awaited: ["GET", "REPLACE", "INDEX", "REPLACE"],
      after: ["LEAVE"],
    });
    await costs(() => here.update(Buffer.alloc(32, 5).toString("base64url"), { a: 1 }), { awaited: ["GET"] });
  });

  test("regenerate: 3 without a user, 4 with one; leaving the set is not waited for", async () => {
    const anonymous = await here.create();
    await costs(() => here.regenerate(anonymous.id), { awaited: ["GET", "WRITE", "REMOVE"] });
    const { id } = await here.create({ userId: "u1" });
    await costs(() => here.regenerate(id), { awaited: ["GET", "INDEX", "WRITE", "REMOVE"], after: ["ZREM"] });
    await costs(() => here.regenerate(id), { awaited: ["GET"] });
  });

  test("destroy: 1; leaving the set is not waited for", async () => {
    const anonymous = await here.create();
    await costs(() => here.destroy(anonymous.id), { awaited: ["GETDEL"] });
    const { id } = await here.create({ userId: "u1" });
    await costs(() => here.destroy(id), { awaited: ["GETDEL"], after: ["ZREM"] });
    await costs(() => here.destroy(id), { awaited: ["GETDEL"] });
  });

  test("destroyByUser: 2, and one for each session; 1 where there is none", async () => {
    for (let n = 0; n < 5; n++) await here.create({ userId: "u1" });
    await costs(() => here.destroyByUser("u1"), {
      awaited: ["MEMBERS", ...Array.from({ length: 5 }, () => "REMOVE_OF_USER"), "ZREM"],
    });
    await costs(() => here.destroyByUser("u1"), { awaited: ["MEMBERS"] });
  });

  test("listByUser: 2 whatever the number of sessions", async () => {
    for (let n = 0; n < 20; n++) await here.create({ userId: "u1" });
    const { commands, roundTrips } = await fixture.proxy.measure(() => here.listByUser("u1"));
    expect(commands.map(labelOf)).toEqual(["MEMBERS", "MGET"]);
    expect(roundTrips).toBe(2);
  });

  test("a malformed id: 0", async () => {
    await costs(() => here.get("no id"), { awaited: [] });
    await costs(() => here.touch("no id"), { awaited: [] });
    await costs(() => here.destroy("no id"), { awaited: [] });
  });

  test("a log-in of a user with many sessions waits for no pruning", async () => {
    for (let n = 0; n < 17; n++) await here.create({ userId: "u1" });
    const another = fixture.manager();
    const held = fixture.proxy.holdBefore(isRunOf("MEMBERS"));
    const { roundTrips } = await fixture.proxy.measure(() => another.create({ userId: "u2" }));
    expect(roundTrips).toBe(2);
    held.release();
    await until(async () => (await readDatabase(fixture.server)).users.length === 2);
  });
});

test("G10 nothing needless: scripts go by their hashes, and their sources once per server", async () => {
  await fixture.server.command("SCRIPT", "FLUSH");
  const { id } = await here.create();
  const { commands } = await fixture.proxy.measure(async () => {
    for (let n = 0; n < 10; n++) await here.touch(id);
  });
  expect(commands.filter(({ name }) => name === "EVAL").length).toBe(1);
  expect(commands.length).toBe(11);
});
