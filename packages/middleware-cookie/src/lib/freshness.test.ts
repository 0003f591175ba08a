import { describe, expect, test } from "bun:test";
import { mistyped } from "./mistyped.test-kit.ts";
import { createVisits, type VisitHandler } from "./visits.test-kit.ts";

describe("[SEC-10] requireFresh [ASVS 7.5.1, 7.5.3]", () => {
  function setUp(maxAgeSeconds = 300) {
    const visits = createVisits();
    const guard = visits.sessions.requireFresh(maxAgeSeconds);
    const handler: VisitHandler = (ctx) => guard(ctx, async () => new Response("done"));
    const ask = async (cookie?: string) => (await visits.visit(cookie, handler)).response;
    return { ...visits, ask };
  }

  test("lets through until the log-in is too old, to the millisecond", async () => {
    const { signIn, ask, clock } = setUp();
    const { cookie } = await signIn();
    expect(await (await ask(cookie)).text()).toBe("done");
    clock.advance(299_999);
    expect((await ask(cookie)).status).toBe(200);
    clock.advance(1);
    const refused = await ask(cookie);
    expect([refused.status, refused.headers.get("cache-control")]).toEqual([403, "no-store"]);
    expect(Object.keys((await refused.json()) as object)).toEqual(["error"]);
  });

  test("is not satisfied by use of the session", async () => {
    const { signIn, ask, clock, manager } = setUp(500);
    const { id, cookie } = await signIn();
    for (let round = 0; round < 3; round++) {
      clock.advance(200_000);
      await manager.touch(id);
      await manager.update(id, { theme: "dark" });
    }
    expect((await ask(cookie)).status).toBe(403);
  });

  test("is satisfied once the user has proved again who they are, and not by a new id alone", async () => {
    const { signIn, ask, clock, visit, sessions } = setUp();
    const { cookie } = await signIn();
    clock.advance(300_001);
    const renew = async (from: string, options?: { authenticated: boolean }): Promise<string> => {
      const { ctx } = await visit(from, async (ctx) => {
        await sessions.of(ctx).regenerate({}, options);
        return new Response();
      });
      return `sid=${ctx.state.sessionId}`;
    };
    const renewed = await renew(cookie);
    expect((await ask(renewed)).status).toBe(403);
    const proved = await renew(renewed, { authenticated: true });
    expect((await ask(proved)).status).toBe(200);
    expect((await ask(renewed)).status).toBe(401);
  });

  test("is 401 for who is not signed in, and 403 for an anonymous session", async () => {
    const { signIn, ask } = setUp();
    const stranger = await ask();
    expect([stranger.status, Object.keys((await stranger.json()) as object)]).toEqual([401, ["error"]]);
    expect((await ask((await signIn({ cart: 1 })).cookie)).status).toBe(403);
  });

  test.each<unknown>([Number.NaN, -1, Number.POSITIVE_INFINITY, "300", null, undefined])(
    "%p is no duration, which shows as the route is made",
    (seconds) => {
      expect(() => createVisits().sessions.requireFresh(mistyped(seconds))).toThrow("maxAge");
    },
  );

  test("where the middleware has not run, it says so", async () => {
    const guard = createVisits().sessions.requireFresh(300);
    const outcome = await guard({}, async () => new Response()).catch(String);
    expect(outcome).toContain("add the session middleware before the route");
  });
});
