import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { createVisits, idFrom } from "./visits.test-kit.ts";

describe("steps of one request at the same time", () => {
  test("of two regenerates one gives a session, and the browser gets its id", async () => {
    const visits = createVisits();
    const { cookie, id } = await visits.signIn();
    const { cookies } = await visits.visit(cookie, async (ctx) => {
      const session = visits.sessions.of(ctx);
      const results = await Promise.all([session.regenerate(), session.regenerate()]);
      expect(results.filter((result) => result !== null).length).toBe(1);
      return new Response();
    });
    expect([idFrom(cookies) === id, visits.held(idFrom(cookies)) === null]).toEqual([false, false]);
  });

  test("of two log-ins one session is left, and the browser has that", async () => {
    const visits = createVisits();
    const { cookies } = await visits.visit(undefined, async (ctx) => {
      const session = visits.sessions.of(ctx);
      await Promise.all([session.create({ userId: "u1" }), session.create({ userId: "u1" })]);
      return new Response();
    });
    expect(visits.memory.size).toBe(1);
    expect(visits.held(idFrom(cookies))?.data).toEqual({ userId: "u1" });
  });

  test("an update that ends after a log-in does not bring the old session's cookie back", async () => {
    const visits = createVisits();
    const { cookie, id } = await visits.signIn({ cart: 1 });
    const held = visits.gated.holdAfter("replace");
    const { cookies, ctx } = await visits.visit(cookie, async (handled) => {
      const session = visits.sessions.of(handled);
      const updating = session.update({ seen: 1 });
      await held.reached;
      await session.create({ userId: "u1" });
      held.release();
      await updating;
      return new Response();
    });
    expect(idFrom(cookies)).not.toBe(id);
    expect(ctx.state).toEqual({ session: { userId: "u1" }, sessionId: idFrom(cookies) });
  });

  test("an update that ends after a log-out leaves nobody signed in", async () => {
    const visits = createVisits();
    const { cookie } = await visits.signIn();
    const held = visits.gated.holdAfter("replace");
    const { cookies, ctx } = await visits.visit(cookie, async (handled) => {
      const session = visits.sessions.of(handled);
      const updating = session.update({ seen: 1 });
      await held.reached;
      await session.destroy();
      held.release();
      await updating;
      expect(session.current).toBeNull();
      return new Response();
    });
    expect([idFrom(cookies), ctx.state.session, ctx.state.sessionId]).toEqual(["", undefined, undefined]);
  });
});

test("a handler may take the methods out of the session, and print it: the id is not shown [G9]", async () => {
  const visits = createVisits();
  const { cookie, id } = await visits.signIn({ userId: "u1" });
  let printed = "";
  const { cookies } = await visits.visit(cookie, async (ctx) => {
    const session = visits.sessions.of(ctx);
    expect(visits.sessions.of(ctx)).toBe(session);
    printed = `${Bun.inspect(session)}${inspect(session)}${JSON.stringify(Object.keys(session))}`;
    const { update, destroy } = session;
    expect((await update({ theme: "dark" }))?.data).toEqual({ userId: "u1", theme: "dark" });
    await destroy();
    return new Response();
  });
  expect([idFrom(cookies), visits.held(id)]).toEqual(["", null]);
  expect(printed).toContain("u1");
  expect(printed).not.toContain(id);
});
