import { describe, expect, test } from "bun:test";
import type { StoredSession } from "@ventostack/auth-core";
import { clocked } from "./clocked-store.test-kit.ts";

describe("the four methods", () => {
  test("take any text as a key", async () => {
    const { store, record } = clocked();
    const keys = ["", "__proto__", "constructor", "a:b", "*", "\0", "ü", "a".repeat(100_000)];
    for (const key of keys) await store.set(record(key, { userKey: key }));
    for (const key of keys) {
      expect((await store.get(key))?.data).toEqual({ of: key });
      expect(store.listByUser(key)).toMatchObject([{ id: key }]);
    }
  });

  test("delete and touch of an absent key are no error", async () => {
    const { store } = clocked();
    await store.delete("a");
    await store.touch("a", 60);
    expect(await store.get("a")).toBeNull();
    expect(store.size).toBe(0);
  });

  test("set anew is another record to one who has read the one before", async () => {
    const { store, record } = clocked();
    const { id, data, expiresAt } = record("a");
    await store.set({ id, data, expiresAt });
    const read = store.load("a");
    await store.set({ id, data: { a: 2 }, expiresAt });
    expect(store.replace("a", record("a"), read?.revision ?? -1)).toBe("changed");
    expect(store.load("a")?.data).toEqual({ a: 2 });
  });
});

describe("expiry", () => {
  test("is exact on every read, sweep or not", async () => {
    const { store, record, advance } = clocked();
    await store.set(record("a", { userKey: "u" }));
    advance(9_999);
    expect(await store.get("a")).not.toBeNull();
    advance(1);
    expect(store.load("a")).toBeNull();
    expect(await store.get("a")).toBeNull();
    expect(store.listByUser("u")).toEqual([]);
    expect(store.refresh("a", 10)).toBeNull();
    expect(store.replace("a", record("a"), 1)).toBe("gone");
    expect(store.deleteByUser("u")).toBe(0);
  });

  test("a record set with a later end than its absolute one ends at that", async () => {
    const { store, record, advance } = clocked();
    const session = record("a");
    await store.set({ ...session, absoluteExpiresAt: session.createdAt + 5_000 } as StoredSession);
    expect((await store.get("a"))?.expiresAt).toBe(session.createdAt + 5_000);
    advance(5_000);
    expect(await store.get("a")).toBeNull();
  });
});

test("an expired session that a read meets is gone at once, before any sweep", () => {
  const { store, record, advance } = clocked();
  store.insert(record("a"));
  advance(10_000);
  expect([store.load("a"), store.size]).toEqual([null, 0]);
});

describe("replace", () => {
  test("to another key moves the session: one key or the other, never both", () => {
    const { store, record } = clocked();
    const session = record("a", { userKey: "u" });
    store.insert(session);
    const moved = { ...session, id: "b", expiresAt: session.expiresAt + 5000, revision: 2 };
    expect(store.replace("a", moved, 1)).toBe("replaced");
    expect(store.load("a")).toBeNull();
    expect(store.load("b")).toEqual(moved);
    expect(store.listByUser("u")).toEqual([moved]);
    expect(store.size).toBe(1);
  });
});

describe("a write that fails", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;

  test.each<[string, Partial<StoredSession>]>([
    ["data that is no JSON", { data: undefined as never }],
    ["data that contains itself", { data: cyclic }],
    ["a revision that is no number", { revision: Symbol() as never }],
    ["a creation that is no number", { createdAt: Symbol() as never }],
    ["an absolute end that is no number", { absoluteExpiresAt: Symbol() as never }],
    ["a version that is no number", { version: Symbol() as never }],
    ["notes that contain themselves", { notes: cyclic }],
  ])("for %s changes nothing: of no session, and of no user's list", async (_, fields) => {
    const { store, record } = clocked();
    for (const id of ["a", "b", "c"]) store.insert(record(id, { userKey: "u1" }));
    const failing = (id: string) => record(id, { userKey: "u2", ...fields });
    await expect(store.set(failing("a"))).rejects.toThrow();
    expect(() => store.insert(failing("d"))).toThrow();
    expect(() => store.replace("b", failing("b"), 1)).toThrow();
    expect(() => store.replace("c", failing("e"), 1)).toThrow();
    expect(store.size).toBe(3);
    for (const id of ["a", "b", "c"]) expect(store.load(id)).toEqual(record(id, { userKey: "u1" }));
    expect(store.listByUser("u1").map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect([store.listByUser("u2"), store.load("d"), store.load("e")]).toEqual([[], null, null]);
    expect([store.deleteByUser("u1"), store.size]).toEqual([3, 0]);
  });
});

test("remove gives back the live session that it ended, and null when there is none", () => {
  const { store, record, advance } = clocked();
  store.insert(record("a", { userKey: "ada", notes: { authenticatedAt: 1 } }));
  expect(store.remove("a")).toEqual(record("a", { userKey: "ada", notes: { authenticatedAt: 1 } }));
  expect(store.remove("a")).toBeNull();
  expect(store.listByUser("ada")).toEqual([]);
  store.insert(record("b"));
  advance(10_000);
  expect(store.remove("b")).toBeNull();
});

describe("the sessions of a user", () => {
  const namesOf = (sessions: readonly StoredSession[]): string[] => sessions.map(({ id }) => id);

  test("are listed in the order in which they joined the user", async () => {
    const { store, record } = clocked();
    for (const id of ["c", "a", "d", "b"]) store.insert(record(id, { userKey: "ada" }));
    store.replace("c", record("c", { userKey: "ada", revision: 2 }), 1);
    await store.touch("a", 60);
    expect(namesOf(store.listByUser("ada"))).toEqual(["c", "a", "d", "b"]);
    store.replace("a", record("new", { userKey: "ada" }), 1);
    expect(namesOf(store.listByUser("ada"))).toEqual(["c", "d", "b", "new"]);
    store.replace("d", record("d", { userKey: "grace" }), 1);
    store.replace("d", record("d", { userKey: "ada" }), 1);
    expect(namesOf(store.listByUser("ada"))).toEqual(["c", "b", "new", "d"]);
  });

  test("joins anew where one of its key has expired, swept or not", async () => {
    const { store, record, advance } = clocked();
    store.insert(record("a", { userKey: "ada" }));
    advance(9000);
    store.insert(record("b", { userKey: "ada" }));
    advance(1000);
    await store.set(record("a", { userKey: "ada" }));
    expect(namesOf(store.listByUser("ada"))).toEqual(["b", "a"]);
  });

  test("that deleteByUser ended are named, each once, and no other", () => {
    const { store, record, advance } = clocked();
    store.insert(record("expired", { userKey: "ada", expiresAt: 1_000_001 }));
    for (const id of ["a", "b", "c"]) store.insert(record(id, { userKey: "ada" }));
    advance(1);
    const ended: string[] = [];
    store.deleteByUser("ada", { except: "b", onEnded: (id) => ended.push(id) });
    expect(ended).toEqual(["a", "c"]);
  });
});

test("notes stay with the session, and share no memory", () => {
  const { store, record } = clocked();
  const notes = { authenticatedAt: 1, device: { label: "phone" } };
  store.insert(record("a", { notes }));
  notes.device.label = "changed";
  expect(store.load("a")?.notes).toEqual({ authenticatedAt: 1, device: { label: "phone" } });
  store.replace("a", record("b", { notes: { authenticatedAt: 2 } }), 1);
  expect(store.load("b")?.notes).toEqual({ authenticatedAt: 2 });
  store.insert(record("c"));
  expect(store.load("c")).not.toHaveProperty("notes");
});

describe("the limit", () => {
  test("lets the least recently used session go", async () => {
    const { store, record } = clocked({ maxSessions: 3 });
    for (const key of ["a", "b", "c"]) store.insert(record(key, { userKey: "u" }));
    store.load("a");
    await store.touch("b", 60);
    store.insert(record("d", { userKey: "u" }));
    expect(store.size).toBe(3);
    expect(store.load("c")).toBeNull();
    expect(
      store
        .listByUser("u")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["a", "b", "d"]);
  });

  test("holds for set, insert and replace alike", async () => {
    const { store, record } = clocked({ maxSessions: 10 });
    for (let index = 0; index < 100; index++) {
      await store.set(record(`set${index}`));
      store.insert(record(`insert${index}`));
      store.replace(`insert${index}`, record(`moved${index}`), 1);
      expect(store.size).toBeLessThanOrEqual(10);
    }
    expect(store.size).toBe(10);
  });

  test("writing a session again makes room for none", () => {
    const { store, record } = clocked({ maxSessions: 2 });
    store.insert(record("a"));
    store.insert(record("b"));
    store.replace("b", record("b", { revision: 2 }), 1);
    expect(store.size).toBe(2);
    expect(store.load("a")).not.toBeNull();
  });
});

describe("close", () => {
  test("makes every later call reject, and may be repeated", async () => {
    const { store, record } = clocked();
    await store.set(record("a"));
    await store.close();
    await store.close();
    expect(store.size).toBe(0);
    const calls: (() => unknown)[] = [
      () => store.get("a"),
      () => store.set(record("a")),
      () => store.delete("a"),
      () => store.touch("a", 1),
      () => store.load("a"),
      () => store.insert(record("a")),
      () => store.replace("a", record("a"), 1),
      () => store.refresh("a", 1),
      () => store.listByUser("u"),
      () => store.deleteByUser("u"),
      () => store.sweep(),
    ];
    for (const call of calls) {
      const outcome = await (async () => call())().then(() => "resolved", String);
      expect(`${call}: ${outcome}`).toContain("has been closed");
    }
  });
});
