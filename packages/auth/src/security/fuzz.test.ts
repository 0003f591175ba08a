import { describe, expect, test } from "bun:test";
import { createFourMethodStore, createTestClock, gate } from "@ventostack/testing";
import fc from "fast-check";
import {
  createMemorySessionStore,
  createSessionManager,
  type Session,
  SessionError,
  type SessionManager,
} from "../index.ts";

/** Any value, those that look like an id among them. */
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true }),
  fc.string({ unit: "binary", minLength: 40, maxLength: 46 }),
  fc.stringMatching(/^[A-Za-z0-9_-]{41,45}$/),
  fc.constantFrom("../x", "a:b", "user:42", "*", "{tag}", "\0", "\r\nFLUSHALL\r\n", "session:", "__proto__"),
);

const isIdShaped = (value: unknown): boolean =>
  typeof value === "string" &&
  /^[\w-]{43}$/.test(value) &&
  Buffer.from(value, "base64url").toString("base64url") === value;

test("[SEC-04] whatever is passed as an id, nothing is thrown, and only an id costs a store call", async () => {
  const { store, calls } = gate(createMemorySessionStore());
  const sessions = createSessionManager(store);
  let malformed = 0;
  await fc.assert(
    fc.asyncProperty(anything, async (value) => {
      calls.length = 0;
      const id = value as string;
      expect(await sessions.get(id)).toBeNull();
      expect(await sessions.merge(id, { a: 1 })).toBeNull();
      expect(await sessions.regenerate(id)).toBeNull();
      expect(await sessions.refresh(id)).toBeNull();
      expect(await sessions.refreshIfDue(id)).toBeNull();
      expect(await sessions.destroyByHandle("u1", id)).toBe(false);
      await sessions.touch(id);
      await sessions.destroy(id);
      if (isIdShaped(value)) return;
      malformed++;
      expect(calls).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
  expect(malformed).toBeGreaterThan(5_000);
});

describe("whatever a store gives for a record,", () => {
  const time = fc.oneof(fc.integer({ min: 0, max: 4e12 }), anything);
  const record = fc.oneof(
    fc.record(
      {
        id: anything,
        data: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), anything),
        expiresAt: time,
        createdAt: time,
        absoluteExpiresAt: time,
        userKey: anything,
        revision: fc.oneof(fc.nat(), anything),
        version: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, anything),
        notes: anything,
      },
      { requiredKeys: [] },
    ),
    anything,
  );

  const calls: readonly [string, (sessions: SessionManager, id: string) => Promise<unknown>][] = [
    ["get", (sessions, id) => sessions.get(id)],
    ["merge", (sessions, id) => sessions.merge(id, { a: 1 })],
    ["refreshIfDue", (sessions, id) => sessions.refreshIfDue(id)],
    ["regenerate", (sessions, id) => sessions.regenerate(id)],
  ];

  test.each(calls)("%s gives a session, null or a SessionError, without the id", async (_, call) => {
    const clock = createTestClock();
    let given: unknown = null;
    const sessions = createSessionManager(
      { ...createFourMethodStore(clock), get: async () => given as Session },
      { clock },
    );
    const { id } = await sessions.create();
    const outcomes = { session: 0, none: 0, error: 0 };
    await fc.assert(
      fc.asyncProperty(record, async (answer) => {
        given = answer;
        const outcome = await call(sessions, id).catch((error: unknown) => error);
        if (outcome === null) outcomes.none++;
        else if (outcome instanceof SessionError) {
          outcomes.error++;
          expect(outcome.message).not.toContain(id);
        } else {
          outcomes.session++;
          expect(outcome).not.toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2_500 },
    );
    expect(outcomes.error).toBeGreaterThan(500);
    expect(outcomes.session + outcomes.none).toBeGreaterThan(50);
  });
});
