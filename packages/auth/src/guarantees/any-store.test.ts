import { describe, expect, test } from "bun:test";
import { createFourMethodStore, createTestClock } from "@ventostack/testing";
import {
  createMemorySessionStore,
  createSessionManager,
  type Session,
  type SessionStore,
  type StoredSession,
} from "../index.ts";
import { fixture, outcomeOf } from "./fixtures.test-kit.ts";

describe("what is no store is refused when the manager is made, naming the method that it lacks", () => {
  const refusal = (message: string) =>
    expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(message) });

  test.each(["get", "set", "delete", "touch"])("%s", (method) => {
    const store = { ...createMemorySessionStore(), [method]: undefined } as unknown as SessionStore;
    expect(() => createSessionManager(store)).toThrow(refusal(`no method ${method}`));
  });

  test.each([undefined, null, "memory:"])("%p", (value) => {
    expect(() => createSessionManager(value as unknown as SessionStore)).toThrow(refusal("no method get"));
  });
});

test("a store may be an instance of a class, whose methods need their this", async () => {
  const clock = createTestClock();
  class ClassStore implements SessionStore {
    #inner = createMemorySessionStore({ clock });
    get(id: string) {
      return this.#inner.get(id);
    }
    set(session: Session) {
      return this.#inner.set(session);
    }
    delete(id: string) {
      return this.#inner.delete(id);
    }
    touch(id: string, ttl: number) {
      return this.#inner.touch(id, ttl);
    }
    load(id: string) {
      return this.#inner.load(id);
    }
    insert(session: StoredSession) {
      return this.#inner.insert(session);
    }
    replace(id: string, session: StoredSession, revision: number) {
      return this.#inner.replace(id, session, revision);
    }
    refresh(id: string, ttl: number, whenBelow?: number) {
      return this.#inner.refresh(id, ttl, whenBelow);
    }
    listByUser(userKey: string) {
      return this.#inner.listByUser(userKey);
    }
    deleteByUser(userKey: string) {
      return this.#inner.deleteByUser(userKey);
    }
  }
  const sessions = createSessionManager(new ClassStore(), { clock });
  const { id } = await sessions.create({ userId: "u1" });
  await sessions.update(id, { a: 1 });
  await sessions.touch(id);
  expect(await sessions.listByUser("u1")).toMatchObject([{ data: { userId: "u1", a: 1 } }]);
  expect(await sessions.destroyByUser("u1")).toBe(1);
});

test("a record that comes back under another id is written where it was read, not there", async () => {
  const { gated, clock } = fixture(createFourMethodStore);
  const lying: SessionStore = {
    ...gated.store,
    async get(key) {
      const found = await gated.store.get(key);
      return found && { ...found, id: "elsewhere" };
    },
  };
  const sessions = createSessionManager(lying, { clock });
  const { id } = await sessions.create();
  await sessions.update(id, { a: 1 });
  expect((await sessions.get(id))?.data).toEqual({ a: 1 });
  expect(await gated.store.get("elsewhere")).toBeNull();
});

test("an error of the store's own advises to try again only where that helps", async () => {
  for (const [code, helps] of [
    ["STORE_UNAVAILABLE", true],
    ["STORE_TIMEOUT", true],
    ["CONFLICT", true],
    ["ECONNREFUSED", true],
    ["CORRUPT_RECORD", false],
    ["UNSUPPORTED", false],
    ["INVALID_DATA", false],
    ["INVALID_OPTION", false],
  ] as const) {
    const failing: SessionStore = {
      ...createMemorySessionStore(),
      load: () => Promise.reject(Object.assign(new Error("of its own"), { code })),
    };
    const error = await outcomeOf(createSessionManager(failing).get(`${"i".repeat(42)}A`));
    const message = error instanceof Error ? error.message : "no error";
    expect([code, message.includes("try again later")]).toEqual([code, helps]);
    expect(message).toContain("failed in load");
  }
});

test("the options in force cannot be changed by who reads them", () => {
  const { options } = createSessionManager(createMemorySessionStore(), { ttl: 60 });
  expect(() => Object.assign(options, { ttl: 1 })).toThrow(TypeError);
  expect(options.ttl).toBe(60);
});
