import { expect, test } from "bun:test";
import { createVisits, idFrom } from "./visits.test-kit.ts";

test("however long the session, its cookie is renewed before browsers drop it after 400 days", async () => {
  const { visit, signIn, clock } = createVisits({ session: { ttl: 3_153_600_000 } });
  const { cookie, id } = await signIn();
  clock.advance(399 * 24 * 60 * 60 * 1000);
  const { cookies } = await visit(cookie);
  expect([idFrom(cookies), cookies[0]?.match(/Max-Age=\d+/)?.[0]]).toEqual([id, "Max-Age=34560000"]);
});

test("a handler that sends the cookie by hand with every answer has its session slide like any other", async () => {
  const { visit, signIn, clock, held } = createVisits();
  const { cookie, id } = await signIn();
  for (let round = 0; round < 20; round++) {
    clock.advance(360_000);
    const { ctx } = await visit(
      cookie,
      () => new Response(null, { headers: { "set-cookie": `sid=${id}; Path=/; Max-Age=3600` } }),
    );
    expect([round, ctx.state.sessionId]).toEqual([round, id]);
  }
  expect(held(id)?.expiresAt).toBe(clock() + 3_600_000);
});
