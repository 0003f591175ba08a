import { describe, expect, test } from "bun:test";
import { createTestClock, gate } from "@ventostack/testing";
import { createSessionManager } from "../index.ts";
import { createMemory, fixture, outcomeOf, storeKinds } from "./fixtures.test-kit.ts";

const hostileIds: readonly unknown[] = [
  "../x",
  "a:b",
  "user:42",
  "*",
  "{tag}",
  "\0",
  "a".repeat(1_000_000),
  "",
  " ",
  "session:",
  "__proto__",
  "undefined",
  "null",
  `${"A".repeat(42)}=`,
  `${"A".repeat(43)}\n`,
  "A".repeat(42),
  "A".repeat(44),
  `${"A".repeat(42)}B`,
  "ü".repeat(43),
  [],
  ["A".repeat(43)],
  {},
  { length: 43 },
  42,
  null,
  undefined,
  true,
  Symbol("id"),
  () => "A".repeat(43),
];

describe.each(storeKinds)("G7 the store cannot be replayed: %s", (kind, create) => {
  test("[SEC-03] no key and no value that the store gets holds an id", async () => {
    const { sessions, gated } = fixture(create, { absoluteTtl: 5000 });
    const { id } = await sessions.create({ userId: "u1", role: "admin" });
    await sessions.get(id);
    await sessions.update(id, { a: 1 });
    await sessions.touch(id);
    await sessions.refreshIfDue(id);
    const regenerated = await sessions.regenerate(id);
    await sessions.destroy(regenerated?.id ?? "");
    expect(gated.calls.length).toBeGreaterThan(6);
    const dump = JSON.stringify(gated.calls);
    expect(dump).not.toContain(id);
    expect(dump).not.toContain(regenerated?.id ?? "missing");
    expect(dump).toContain(sessions.handleOf(id));
  });

  test("a stored hash, or the whole key, used as an id opens nothing", async () => {
    const { sessions, gated } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" });
    expect(await sessions.get(sessions.handleOf(id))).toBeNull();
    expect(await sessions.get(`session:${sessions.handleOf(id)}`)).toBeNull();
    expect(await sessions.regenerate(sessions.handleOf(id))).toBeNull();
    const writes = gated.calls.filter(([method]) => !["get", "load"].includes(method));
    expect(writes.length).toBe(1);
  });

  test("[SEC-02] an id of the right shape that nobody issued is no session and is never adopted [ASVS 7.2.1]", async () => {
    const { sessions, gated } = fixture(create);
    const unknown = Buffer.alloc(32, 5).toString("base64url");
    expect(await sessions.get(unknown)).toBeNull();
    await sessions.update(unknown, { userId: "u1" });
    await sessions.touch(unknown);
    expect(await sessions.regenerate(unknown)).toBeNull();
    expect(await sessions.get(unknown)).toBeNull();
    expect(gated.calls.filter(([method]) => ["set", "insert", "replace"].includes(method))).toEqual([]);
  });

  test("[SEC-04] a malformed id costs no store call, whatever is asked", async () => {
    const { sessions, gated } = fixture(create);
    for (const hostile of hostileIds as readonly string[]) {
      expect(await sessions.get(hostile)).toBeNull();
      expect(await sessions.merge(hostile, { a: 1 })).toBeNull();
      expect(await sessions.regenerate(hostile)).toBeNull();
      expect(await sessions.refresh(hostile)).toBeNull();
      expect(await sessions.refreshIfDue(hostile)).toBeNull();
      expect(await sessions.destroyByHandle("u1", hostile)).toBe(false);
      await sessions.update(hostile, { a: 1 });
      await sessions.touch(hostile);
      await sessions.destroy(hostile);
    }
    expect(gated.calls).toEqual([]);
  });

  test("[SEC-09] no listing, error, cause or printed form of them holds an id [ASVS 7.5.2]", async () => {
    const clock = createTestClock();
    const store = create(clock);
    const { id } = await createSessionManager(store, { clock }).create({ userId: "u1" });
    const gated = gate(store);
    const failing = createSessionManager(
      {
        ...gated.store,
        get: rejectWithArguments,
        load: rejectWithArguments,
        touch: rejectWithArguments,
        delete: rejectWithArguments,
      },
      { clock },
    );
    const errors = await Promise.all(
      [failing.get(id), failing.update(id, { a: 1 }), failing.destroy(id)].map((call) =>
        call.then(
          () => undefined,
          (thrown: unknown) => thrown,
        ),
      ),
    );
    for (const error of errors) {
      expect(error).toBeInstanceOf(Error);
      expect(Bun.inspect(error)).not.toContain(id);
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(id);
    }
    if (kind === "memory") {
      const listed = await createSessionManager(store, { clock }).listByUser("u1");
      expect(listed.length).toBe(1);
      expect(JSON.stringify(listed)).not.toContain(id);
    }
  });

  test("[SEC-01] a failing random source makes create reject, and nothing is written", async () => {
    const { gated } = fixture(create);
    const sessions = createSessionManager(gated.store, {
      random: () => {
        throw new Error("no entropy");
      },
    });
    expect(await sessions.create().then(String, String)).toBe("Error: no entropy");
    expect(gated.calls).toEqual([]);
  });
});

/** A store that quotes its arguments in its errors, as many do. */
async function rejectWithArguments(...args: unknown[]): Promise<never> {
  throw new Error(`failed with ${JSON.stringify(args)}`);
}

describe("G7 the store cannot be replayed: where ids come from", () => {
  test("an id that is in use already is CONFLICT, and the session there stays", async () => {
    const { sessions } = fixture(createMemory, { random: (bytes) => bytes.fill(7) });
    const { id } = await sessions.create({ life: 1 });
    expect(await outcomeOf(sessions.create({ life: 2 }))).toMatchObject({ code: "CONFLICT" });
    expect((await sessions.get(id))?.data).toEqual({ life: 1 });
  });

  test("regenerate takes its id from the random source too", async () => {
    let filled = 0;
    const { sessions } = fixture(createMemory, { random: (bytes) => bytes.fill(++filled) });
    const { id } = await sessions.create();
    expect((await sessions.regenerate(id))?.id).toBe(Buffer.alloc(32, 2).toString("base64url"));
  });
});
