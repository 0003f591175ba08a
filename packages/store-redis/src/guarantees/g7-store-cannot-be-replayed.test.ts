import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { SessionManager } from "@ventostack/auth-core";
import { readDatabase } from "./database.test-kit.ts";
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

/** Sessions in every state, and all of their ids. */
async function makeHistory(): Promise<string[]> {
  const sessions = fixture.manager({ absoluteTtl: 5000 });
  const first = await sessions.create({ userId: "u1", role: "admin" });
  const second = await sessions.create({ userId: "u1" });
  const anonymous = await sessions.create({ cart: [1] });
  await sessions.update(first.id, { a: 1 });
  await sessions.update(second.id, { userId: "u2" });
  await sessions.touch(first.id);
  await sessions.refreshIfDue(first.id);
  const moved = await sessions.regenerate(first.id, { role: "user" });
  const signedIn = await sessions.regenerate(anonymous.id, { userId: "u3" });
  await sessions.listByUser("u1");
  const destroyed = await sessions.create({ userId: "u1" });
  await sessions.destroy(destroyed.id);
  const ids = [first, second, anonymous, moved, signedIn, destroyed].map((session) => session?.id ?? "");
  expect(ids.every((id) => id.length === 43)).toBe(true);
  return ids;
}

describe("G7 the store cannot be replayed: a copy of the server's data", () => {
  test("[SEC-03] holds no id, in no key and no value, and nor does any command", async () => {
    const monitor = await fixture.server.monitor();
    const ids = await makeHistory();
    const database = JSON.stringify(await readDatabase(fixture.server));
    const commands = JSON.stringify(await monitor.stop());
    const live = ids.filter((id) => database.includes(here.handleOf(id)));
    expect(live.length).toBeGreaterThan(2);
    for (const id of ids) {
      expect(commands).toContain(here.handleOf(id));
      expect(database).not.toContain(id);
      expect(commands).not.toContain(id);
      expect(commands).not.toContain(Buffer.from(id, "base64url").toString("hex"));
    }
  });

  test("[SEC-03] opens nothing: every key, value, member and part of them, used as an id", async () => {
    await makeHistory();
    const { sessions, users } = await readDatabase(fixture.server);
    const stored = [
      ...sessions.flatMap(({ key, id, text, record }) => [key, id, text, ...Object.values(record)]),
      ...users.flatMap(({ key, members }) => [key, key.replace(/.*:/, ""), ...members.keys()]),
    ].map(String);
    expect(stored.filter((value) => /^[\w-]{43}$/.test(value)).length).toBeGreaterThan(4);
    const before = await readDatabase(fixture.server);
    for (const id of stored) {
      expect(await here.get(id)).toBeNull();
      expect(await here.merge(id, { stolen: true })).toBeNull();
      expect(await here.refresh(id)).toBeNull();
      expect(await here.regenerate(id)).toBeNull();
      await here.destroy(id);
    }
    expect(await readDatabase(fixture.server)).toEqual(before);
  });

  test("shows no user in a key", async () => {
    await here.create({ userId: "ada@example.com" });
    expect(JSON.stringify(await fixture.server.command("KEYS", "*"))).not.toContain("ada");
  });
});

describe("G7 the store cannot be replayed: ids that nobody issued", () => {
  const hostile: readonly unknown[] = [
    ...["", " ", "*", "../x", "a:b", "user:42", "id:", "{tag}", "\0", "\r\nFLUSHALL\r\n", "__proto__"],
    ...["app:session:", "undefined", "null", "A".repeat(42), "A".repeat(44), "a".repeat(1_000_000)],
    ...[`${"A".repeat(42)}=`, `${"A".repeat(43)}\n`, `${"A".repeat(42)}B`, "ü".repeat(43)],
    ...[[], ["A".repeat(43)], {}, { length: 43 }, 42, null, undefined, true, () => "A".repeat(43)],
  ];

  test("[SEC-04] that have not the shape of one cost no command", async () => {
    const { commands } = await fixture.proxy.measure(async () => {
      for (const id of hostile as readonly string[]) {
        expect(await here.get(id)).toBeNull();
        expect(await here.merge(id, { a: 1 })).toBeNull();
        expect(await here.regenerate(id)).toBeNull();
        expect(await here.refresh(id)).toBeNull();
        expect(await here.refreshIfDue(id)).toBeNull();
        expect(await here.destroyByHandle("u1", id)).toBe(false);
        await here.update(id, { a: 1 });
        await here.touch(id);
        await here.destroy(id);
      }
    });
    expect(commands).toEqual([]);
  });

  test("[SEC-02] that have it are never adopted [ASVS 7.2.1]", async () => {
    const id = Buffer.alloc(32, 5).toString("base64url");
    await here.update(id, { userId: "u1" });
    await here.touch(id);
    expect(await here.regenerate(id)).toBeNull();
    expect(await fixture.server.command("DBSIZE")).toBe(0);
  });
});
