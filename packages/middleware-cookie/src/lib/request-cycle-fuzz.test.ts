import { expect, test } from "bun:test";
import { createSessionManager, isSessionId } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { gate } from "@ventostack/testing";
import fc from "fast-check";
import { createCookieSigner } from "./cookie-signer.ts";
import { createRequestCycles, type RequestCycleOptions } from "./request-cycle.ts";

const secrets = ["n".repeat(32), "o".repeat(32)];
const signer = createCookieSigner("sid", { secrets });

/** Cookie headers between what browsers send and what attackers try, around ids that are live, made up or signed. */
function headersAround(live: string): fc.Arbitrary<string> {
  const made = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString("base64url"));
  const id = fc.oneof(fc.constant(live), made);
  const value = fc.oneof(
    id,
    id.map(signer.seal),
    fc.tuple(id, made).map((parts) => parts.join(".")),
    fc
      .tuple(id, fc.nat({ max: 42 }), fc.string({ unit: "binary", maxLength: 2 }))
      .map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1)),
    fc.string({ unit: "binary", maxLength: 50 }),
  );
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constant("sid") },
    fc.constantFrom("", " sid", "\u00a0sid", "%73id", "SID", "sidx", "$Version"),
  );
  const pair = fc.tuple(name, fc.constantFrom("=", "==", " = ", ""), value).map((parts) => parts.join(""));
  return fc.oneof(
    fc.array(pair, { minLength: 1, maxLength: 3 }).map((pairs) => pairs.join("; ")),
    fc.string({ unit: "binary", maxLength: 80 }),
  );
}

test.each<[string, RequestCycleOptions]>([
  ["unsigned", {}],
  ["signed", { secrets }],
  ["unsigned or signed", { secrets, acceptUnsigned: true }],
])(
  "[SEC-04] whatever the Cookie header is, nothing is thrown, and only an id costs a store call: %s",
  async (_, options) => {
    const { store, calls } = gate(createMemorySessionStore());
    const manager = createSessionManager(store);
    const { id } = await manager.create({ userId: "u1" });
    const cycles = createRequestCycles(manager, options);
    let opened = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(headersAround(id), async (cookie) => {
        calls.length = 0;
        const headers = { get: (name: string) => (name === "cookie" ? cookie : null) };
        const cycle = await cycles.begin({ method: "GET", url: "https://a.example/", headers });
        if (cycle instanceof Response) throw new Error("It was answered.");
        const response = await cycle.commit(new Response());
        expect(response.headers.getSetCookie()).toEqual([]);
        const { current } = cycle.session;
        if (current === null) refused++;
        else {
          opened++;
          expect(current.id).toBe(id);
          expect(cookie).toMatch(new RegExp(`(^|;)[ \\t]*sid[ \\t]*=[ \\t]*${id}`));
        }
        // One call, for a key that is the hash of an id: what came with the request is in no call.
        expect(calls.length).toBeLessThanOrEqual(1);
        for (const [, key] of calls) {
          expect(isSessionId(String(key).replace("session:", ""))).toBe(true);
          expect(/[\w-]{43}/.test(cookie)).toBe(true);
        }
      }),
      { numRuns: 6_000 },
    );
    expect(Math.min(opened, refused)).toBeGreaterThan(50);
  },
);
