import { describe, expect, test } from "bun:test";
import { createVisits, idFrom, type VisitContext, type Visits } from "./visits.test-kit.ts";

const ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Lax";
const CLEARED = `sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ${ATTRIBUTES}`;

/** Runs a step on the request's session, then answers. */
const doing =
  (visits: Visits, step: (session: ReturnType<Visits["sessions"]["of"]>, ctx: VisitContext) => unknown) =>
  async (ctx: VisitContext): Promise<Response> => {
    await step(visits.sessions.of(ctx), ctx);
    return new Response("done");
  };

describe("create", () => {
  test("signs an anonymous visitor in: state, cookie, one store call", async () => {
    const visits = createVisits();
    const { cookies, ctx, response } = await visits.visit(
      undefined,
      doing(visits, async (session, { state }) => {
        const created = await session.create({ userId: "u1" });
        expect(session.current).toEqual(created);
        expect(state).toEqual({ session: { userId: "u1" }, sessionId: created.id });
      }),
    );
    expect(cookies).toEqual([`sid=${ctx.state.sessionId}; Max-Age=3600; ${ATTRIBUTES}`]);
    expect([response.headers.get("cache-control"), response.headers.get("vary")]).toEqual([
      "no-store",
      "Cookie",
    ]);
    expect(visits.calls()).toEqual(["insert"]);
    expect((await visits.visit(`sid=${idFrom(cookies)}`)).ctx.state.session).toEqual({ userId: "u1" });
  });

  test("ends the session from before the log-in: its id opens nothing after it [ASVS 7.2.4, CVE-2022-25896]", async () => {
    const visits = createVisits();
    const before = await visits.signIn({ cart: ["book"] });
    const { cookies } = await visits.visit(
      before.cookie,
      doing(visits, (session) => session.create({ userId: "u1" })),
    );
    expect(idFrom(cookies)).not.toBe(before.id);
    expect([visits.held(before.id), await visits.manager.get(before.id)]).toEqual([null, null]);
    expect((await visits.visit(before.cookie)).ctx.state).toEqual({});
    expect((await visits.visit(`sid=${idFrom(cookies)}`)).ctx.state.session).toEqual({ userId: "u1" });
  });

  test("needs no place beside the session that it ends [SEC-08]", async () => {
    for (const onLimit of ["evict-oldest", "reject"] as const) {
      const visits = createVisits({ session: { maxPerUser: 2, onLimit } });
      const phone = await visits.signIn({ userId: "u1" });
      const browser = await visits.signIn({ userId: "u1" });
      const { cookies } = await visits.visit(
        browser.cookie,
        doing(visits, (session) => session.create({ userId: "u1" })),
      );
      expect(await visits.manager.get(idFrom(cookies))).not.toBeNull();
      expect(await visits.manager.get(phone.id)).not.toBeNull();
      expect(await visits.manager.get(browser.id)).toBeNull();
    }
  });

  test("twice leaves one session, and hands out that", async () => {
    const visits = createVisits();
    const ids: string[] = [];
    const { cookies } = await visits.visit(
      undefined,
      doing(visits, async (session) => {
        for (const userId of ["u1", "u2"]) ids.push((await session.create({ userId })).id);
      }),
    );
    expect(idFrom(cookies)).toBe(ids[1] ?? "");
    expect([visits.memory.size, visits.held(ids[0] ?? "")]).toEqual([1, null]);
  });

  test("after destroy signs in again", async () => {
    const visits = createVisits();
    const { cookie, id } = await visits.signIn();
    const { cookies } = await visits.visit(
      cookie,
      doing(visits, async (session) => {
        await session.destroy();
        await session.create({ userId: "u2" });
      }),
    );
    expect(visits.held(idFrom(cookies))?.data).toEqual({ userId: "u2" });
    expect(visits.held(id)).toBeNull();
  });
});

describe("update", () => {
  test("merges into the store and the request, and sets no cookie", async () => {
    const visits = createVisits();
    const { id, cookie } = await visits.signIn({ userId: "u1", theme: "dark" });
    const { cookies } = await visits.visit(
      cookie,
      doing(visits, async (session, { state }) => {
        expect((await session.update({ lang: "de", theme: undefined }))?.data).toEqual({
          userId: "u1",
          lang: "de",
        });
        expect(session.current?.data).toEqual({ userId: "u1", lang: "de" });
        expect(state).toEqual({ session: { userId: "u1", lang: "de" }, sessionId: id });
      }),
    );
    expect([cookies, visits.held(id)?.data]).toEqual([[], { userId: "u1", lang: "de" }]);
  });

  test("after create keeps the cookie to come", async () => {
    const visits = createVisits();
    const { cookies, ctx } = await visits.visit(
      undefined,
      doing(visits, async (session) => {
        await session.create({ userId: "u1" });
        await session.update({ lang: "de" });
      }),
    );
    expect(idFrom(cookies)).toBe(String(ctx.state.sessionId));
    expect(visits.held(idFrom(cookies))?.data).toEqual({ userId: "u1", lang: "de" });
  });

  test("without a session gives null, and costs nothing", async () => {
    const visits = createVisits();
    const { cookies } = await visits.visit(
      undefined,
      doing(visits, async (session) => expect(await session.update({ a: 1 })).toBeNull()),
    );
    expect([cookies, visits.calls(), visits.memory.size]).toEqual([[], [], 0]);
  });

  test("of a session that was ended meanwhile gives null, and signs the request out [G1]", async () => {
    const visits = createVisits();
    const { id, cookie } = await visits.signIn();
    const { cookies, ctx } = await visits.visit(
      cookie,
      doing(visits, async (session) => {
        await visits.manager.destroy(id);
        expect(await session.update({ a: 1 })).toBeNull();
        expect(session.current).toBeNull();
      }),
    );
    expect([ctx.state.session, ctx.state.sessionId, cookies]).toEqual([undefined, undefined, []]);
    expect(visits.held(id)).toBeNull();
  });
});

describe("regenerate", () => {
  test("gives the session a new id and the browser its cookie; the old id is dead [ASVS 7.2.4]", async () => {
    const visits = createVisits();
    const { id, cookie } = await visits.signIn({ userId: "u1" });
    visits.clock.advance(1_800_000);
    const { cookies, ctx } = await visits.visit(
      cookie,
      doing(visits, (session) => session.regenerate({ role: "admin" })),
    );
    const newId = idFrom(cookies);
    expect(cookies).toEqual([`sid=${newId}; Max-Age=3600; ${ATTRIBUTES}`]);
    expect(ctx.state).toEqual({ session: { userId: "u1", role: "admin" }, sessionId: newId });
    expect([newId === id, visits.held(id)]).toEqual([false, null]);
    expect(visits.held(newId)?.data).toEqual({ userId: "u1", role: "admin" });
  });

  test("without a session, or with one that was ended, gives null and no cookie", async () => {
    const visits = createVisits();
    const anonymous = await visits.visit(
      undefined,
      doing(visits, async (session) => expect(await session.regenerate()).toBeNull()),
    );
    const { id, cookie } = await visits.signIn();
    const ended = await visits.visit(
      cookie,
      doing(visits, async (session) => {
        await visits.manager.destroy(id);
        expect(await session.regenerate()).toBeNull();
      }),
    );
    expect([anonymous.cookies, ended.cookies, visits.memory.size]).toEqual([[], [], 0]);
  });
});

describe("touch", () => {
  test("extends the session and its cookie whatever the touch interval", async () => {
    const visits = createVisits();
    const { cookie, id } = await visits.signIn({ userId: "u1" });
    visits.clock.advance(1000);
    const { cookies } = await visits.visit(
      cookie,
      doing(visits, async (session) => {
        expect((await session.touch())?.expiresAt).toBe(visits.clock() + 3_600_000);
      }),
    );
    expect(cookies).toEqual([`sid=${id}; Max-Age=3600; ${ATTRIBUTES}`]);
  });

  test("without a session, or with one that was ended, gives null and no cookie [G1]", async () => {
    const visits = createVisits();
    const { cookie, id } = await visits.signIn({ userId: "u1" });
    const touching = doing(visits, async (session) => {
      await visits.manager.destroy(id);
      expect(await session.touch()).toBeNull();
    });
    expect((await visits.visit(undefined, touching)).cookies).toEqual([]);
    expect((await visits.visit(cookie, touching)).cookies).toEqual([]);
    expect(visits.held(id)).toBeNull();
  });
});

describe("destroy", () => {
  test("ends the session and removes the cookie [ASVS 7.4.1, 14.3.1]", async () => {
    const visits = createVisits();
    const { id, cookie } = await visits.signIn();
    const { cookies, ctx, response } = await visits.visit(
      cookie,
      doing(visits, async (session) => {
        await session.destroy();
        expect(session.current).toBeNull();
      }),
    );
    expect([cookies, response.headers.get("cache-control")]).toEqual([[CLEARED], "no-store"]);
    expect([ctx.state.session, ctx.state.sessionId, visits.held(id)]).toEqual([undefined, undefined, null]);
    expect(visits.calls()).toEqual(["load", "delete"]);
  });

  test("removes the cookie of a session that has ended already, and asks the store for nothing", async () => {
    const visits = createVisits();
    const { cookies } = await visits.visit(
      "sid=junk",
      doing(visits, (session) => session.destroy()),
    );
    expect([cookies, visits.calls()]).toEqual([[CLEARED], []]);
  });

  test("after create hands nothing out", async () => {
    const visits = createVisits();
    const { cookies } = await visits.visit(
      undefined,
      doing(visits, async (session) => {
        await session.create({ userId: "u1" });
        await session.destroy();
      }),
    );
    expect([cookies, visits.memory.size]).toEqual([[CLEARED], 0]);
  });
});
