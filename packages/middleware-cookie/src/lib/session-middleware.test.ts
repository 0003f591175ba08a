import { describe, expect, expectTypeOf, test } from "bun:test";
import { createSessionManager } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { mistyped } from "./mistyped.test-kit.ts";
import { createSessionMiddleware, type SessionContext } from "./session-middleware.ts";
import { cookieFrom, createVisits, idFrom, type VisitContext } from "./visits.test-kit.ts";

const ID = `${"i".repeat(42)}A`;
const HOUR = 3_600_000;
/** The default touch interval: a tenth of the default ttl. */
const INTERVAL = HOUR / 10;
const ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Lax";

describe("an anonymous request", () => {
  test("costs no store call and no Set-Cookie, and leaves ctx.state untouched [G10]", async () => {
    const { visit, calls, sessions } = createVisits();
    const { response, cookies, ctx } = await visit("theme=dark; lang=en", (handled) => {
      expect(sessions.of(handled).current).toBeNull();
      expect(handled.state).toStrictEqual({});
      return new Response("hello");
    });
    expect([
      await response.text(),
      response.headers.get("vary"),
      response.headers.get("cache-control"),
    ]).toEqual(["hello", "Cookie", null]);
    expect([cookies, ctx.state, calls()]).toStrictEqual([[], {}, []]);
  });

  test.each([
    ["a path", "../x"],
    ["a namespaced key", "a:b"],
    ["an index key", "user:42"],
    ["a pattern", "*"],
    ["a hash tag", "{tag}"],
    ["a NUL", `${ID.slice(0, 42)}\0`],
    ["a line end", `${ID}\r\n`],
    ["1 MB", "a".repeat(1_000_000)],
    ["nothing (CVE-2015-3982)", ""],
    ["an id's hash as a store key", `session:${ID}`],
    ["an id in quotes", `"${ID}"`],
    ["an id with a character too few", ID.slice(1)],
    ["an id with a character too many", `${ID}A`],
    ["bits that 32 bytes do not have", `${ID.slice(0, 42)}B`],
    ["two ids", `${ID}; sid=${ID}`],
  ])("is also one whose cookie holds %s: no store call [G7, CVE-2015-5143]", async (_, value) => {
    const { sessions, calls } = createVisits();
    // Not a Request: its headers refuse some of this before the middleware could.
    const headers = { get: (name: string) => (name === "cookie" ? `sid=${value}` : null) };
    const request = mistyped<Request>({ url: "https://a.example/", headers });
    const ctx: SessionContext = { request, state: {} };
    const response = await sessions(ctx, async () => {
      expect(sessions.of(ctx).current).toBeNull();
      return new Response();
    });
    expect([response?.status, response?.headers.getSetCookie(), ctx.state, calls()]).toStrictEqual([
      200,
      [],
      {},
      [],
    ]);
  });

  test("with a well-formed id that the server never issued is not given that id [ASVS 7.2.1]", async () => {
    const { visit, calls, sessions, held } = createVisits();
    const { cookies, ctx } = await visit(`sid=${ID}`);
    expect([cookies, ctx.state, calls()]).toStrictEqual([[], {}, ["load"]]);
    const login = await visit(`sid=${ID}`, async (handled) => {
      await sessions.of(handled).create({ userId: "u1" });
      return new Response();
    });
    expect(idFrom(login.cookies)).not.toBe(ID);
    expect(held(ID)).toBeNull();
  });

  test("with a hash out of the store as its id opens nothing [G7]", async () => {
    const { visit, signIn, manager } = createVisits();
    const { id } = await signIn();
    expect((await visit(`sid=${manager.handleOf(id)}`)).ctx.state).toEqual({});
  });
});

describe("a signed-in request", () => {
  test("costs one store call and no Set-Cookie, and fills ctx.state [G10]", async () => {
    const { visit, signIn, calls, sessions } = createVisits();
    const { id, cookie } = await signIn({ userId: "u1", role: "admin" });
    const { response, cookies } = await visit(cookie, (ctx) => {
      expect(ctx.state).toEqual({ session: { userId: "u1", role: "admin" }, sessionId: id });
      expect(sessions.of(ctx).current?.data).toEqual({ userId: "u1", role: "admin" });
      return new Response();
    });
    expect([cookies, calls()]).toEqual([[], ["load"]]);
    expect([response.headers.get("vary"), response.headers.get("cache-control")]).toEqual(["Cookie", null]);
  });

  test("is not extended one millisecond before touchInterval has passed, and is at it", async () => {
    const { visit, signIn, calls, clock, held } = createVisits();
    const { id, cookie } = await signIn();
    clock.advance(INTERVAL - 1);
    expect([(await visit(cookie)).cookies, calls()]).toEqual([[], ["load"]]);
    clock.advance(1);
    const { response, cookies } = await visit(cookie);
    expect([cookies, calls()]).toEqual([[`sid=${id}; Max-Age=3600; ${ATTRIBUTES}`], ["load", "refresh"]]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(held(id)?.expiresAt).toBe(clock() + HOUR);
    expect([(await visit(cookie)).cookies, calls()]).toEqual([[], ["load"]]);
  });

  test("used every interval lives on, its cookie with it; left alone it ends [ASVS 7.3.1]", async () => {
    const { visit, signIn, clock } = createVisits();
    const { cookie } = await signIn();
    for (let round = 0; round < 30; round++) {
      clock.advance(INTERVAL);
      expect(cookieFrom((await visit(cookie)).cookies)).toBe(cookie);
    }
    clock.advance(HOUR);
    const { cookies, ctx } = await visit(cookie);
    expect([cookies, ctx.state]).toEqual([[], {}]);
  });

  test("has a cookie that ends with the session where the absolute end is near [ASVS 7.3.2]", async () => {
    const { visit, signIn, clock, calls } = createVisits({ session: { ttl: 100, absoluteTtl: 150 } });
    const { id, cookie } = await signIn();
    clock.advance(90_000);
    expect((await visit(cookie)).cookies).toEqual([`sid=${id}; Max-Age=60; ${ATTRIBUTES}`]);
    clock.advance(55_000);
    calls();
    // Nothing to be gained: no call, no cookie.
    expect([(await visit(cookie)).cookies, calls()]).toEqual([[], ["load"]]);
    clock.advance(5000);
    expect((await visit(cookie)).ctx.state).toEqual({});
  });

  test("among 50 at once: one extends the session, one answer renews the cookie [G10]", async () => {
    const { visit, signIn, calls, clock, gated } = createVisits();
    const { id, cookie } = await signIn();
    clock.advance(INTERVAL);
    const everyoneIsIn = Promise.withResolvers<void>();
    let inside = 0;
    const visits = await Promise.all(
      Array.from({ length: 50 }, () =>
        visit(cookie, async () => {
          if (++inside === 50) everyoneIsIn.resolve();
          await everyoneIsIn.promise;
          return new Response();
        }),
      ),
    );
    expect(visits.flatMap(({ cookies }) => cookies)).toEqual([`sid=${id}; Max-Age=3600; ${ATTRIBUTES}`]);
    expect(gated.calls.filter(([method]) => method === "load").length).toBe(50);
    calls();
    const later = await Promise.all(Array.from({ length: 50 }, () => visit(cookie)));
    expect([later.flatMap(({ cookies }) => cookies), new Set(calls())]).toEqual([[], new Set(["load"])]);
  });

  test("whose session is ended while the handler runs is not renewed, nor brought back [G1]", async () => {
    const { visit, signIn, manager, clock, held } = createVisits();
    const { id, cookie } = await signIn();
    clock.advance(INTERVAL);
    const running = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const visited = visit(cookie, async () => {
      running.resolve();
      await goOn.promise;
      return new Response();
    });
    await running.promise;
    await manager.destroy(id);
    goOn.resolve();
    expect((await visited).cookies).toEqual([]);
    expect(held(id)).toBeNull();
  });

  test("whose session is ended between the handler and the refresh is not brought back either [G1]", async () => {
    const { visit, signIn, manager, clock, held, gated } = createVisits();
    const { id, cookie } = await signIn();
    clock.advance(INTERVAL);
    const refresh = gated.holdBefore("refresh");
    const visited = visit(cookie);
    await refresh.reached;
    await manager.destroy(id);
    refresh.release();
    expect((await visited).cookies).toEqual([]);
    expect(held(id)).toBeNull();
  });
});

describe("the answer", () => {
  test("is the handler's own object where no cookie changes, and a copy where one does", async () => {
    const { visit, signIn, clock } = createVisits();
    const { cookie } = await signIn();
    const shared = new Response(null, { status: 204 });
    expect((await visit(cookie, () => shared)).response).toBe(shared);
    clock.advance(INTERVAL);
    const renewed = await visit(cookie, () => shared);
    expect([renewed.response === shared, renewed.cookies.length, renewed.response.status]).toEqual([
      false,
      1,
      204,
    ]);
    expect((await visit(undefined, () => shared)).cookies).toEqual([]);
  });

  test("may be none, as after an upgrade", async () => {
    const { sessions } = createVisits();
    const ctx: VisitContext = { request: new Request("http://a.example/"), state: {} };
    expect(await sessions(ctx, async () => undefined)).toBeUndefined();
  });
});

test("added twice it works once: one read, one refresh, a cookie up to the true end", async () => {
  const { sessions, signIn, clock, calls } = createVisits({ session: { ttl: 100, absoluteTtl: 150 } });
  const { cookie } = await signIn();
  clock.advance(90_000);
  const ctx: VisitContext = {
    request: new Request("https://a.example/", { headers: { cookie } }),
    state: {},
  };
  const response = await sessions(ctx, () => sessions(ctx, async () => new Response()));
  expect(response?.headers.getSetCookie()).toEqual([`${cookie}; Max-Age=60; ${ATTRIBUTES}`]);
  expect(calls()).toEqual(["load", "refresh"]);
});

describe("in two halves, as a router runs it", () => {
  const contextOf = (cookie: string): VisitContext => ({
    request: new Request("https://a.example/", { headers: { cookie } }),
    state: {},
  });

  test("waits for nothing where the store answers at once, signed in or not", async () => {
    const manager = createSessionManager(createMemorySessionStore());
    const sessions = createSessionMiddleware(manager);
    const { id } = await manager.create({ userId: "u1" });
    for (const [cookie, state] of [
      [`sid=${id}`, { session: { userId: "u1" }, sessionId: id }],
      ["theme=dark", {}],
    ] as const) {
      const ctx = contextOf(cookie);
      expect(sessions.before(ctx)).toBeUndefined();
      expect(ctx.state).toEqual(state);
      expect(sessions.after(ctx, new Response())).toBeInstanceOf(Response);
    }
  });

  test("added twice it works once, and the outer one settles what the inner handler's answer became", async () => {
    const { sessions, signIn, clock, calls } = createVisits({ session: { ttl: 100, absoluteTtl: 150 } });
    const { cookie } = await signIn();
    clock.advance(90_000);
    const ctx = contextOf(cookie);
    expect(await sessions.before(ctx)).toBeUndefined();
    const inner = new Response();
    expect(await sessions(ctx, async () => inner)).toBe(inner);
    const outer = await sessions.after(ctx, new Response("outer"));
    expect(outer.headers.getSetCookie()).toEqual([`${cookie}; Max-Age=60; ${ATTRIBUTES}`]);
    expect([await outer.text(), calls()]).toEqual(["outer", ["load", "refresh"]]);
    const again = new Response();
    expect(sessions.after(ctx, again)).toBe(again);
  });

  test.each<[string, () => never]>([
    [
      "at once",
      () => {
        throw new Error("down");
      },
    ],
    ["later", (() => Promise.reject(new Error("down"))) as () => never],
  ])("answers 503 before the handler where the store fails %s", async (_, load) => {
    const { sessions, signIn } = createVisits({ store: { load } });
    const { cookie } = await signIn();
    const answer = await sessions.before(contextOf(cookie));
    expect([answer?.status, answer?.headers.getSetCookie()]).toEqual([503, []]);
  });

  test("is not what is run where somebody has put something around it, with its other methods", () => {
    const { sessions } = createVisits();
    const guarded = Object.assign(() => new Response(null, { status: 403 }), sessions);
    expect([Object.keys(guarded).sort(), "before" in guarded]).toEqual([["of", "requireFresh"], false]);
  });

  test("leaves an answer alone that no first half has gone before", () => {
    const { sessions } = createVisits();
    const answer = new Response();
    expect(sessions.after(contextOf("sid=x"), answer)).toBe(answer);
    expect([...answer.headers]).toEqual([]);
  });
});

describe("of", () => {
  test("says what to do where the middleware has not run", () => {
    expect(() => createVisits().sessions.of({})).toThrow(
      "This request has no session: add the session middleware before the route, with router.use().",
    );
  });

  test("knows the data's type of the manager", async () => {
    interface Data {
      userId: string;
      role: "admin" | "user";
    }
    const manager = createSessionManager<Data>(createMemorySessionStore());
    const sessions = createSessionMiddleware(manager);
    const ctx: SessionContext = { request: new Request("https://a.example/"), state: {} };
    await sessions(ctx, async () => {
      const session = sessions.of(ctx);
      const created = await session.create({ userId: "u1", role: "user" });
      expectTypeOf(created.data).toEqualTypeOf<Data>();
      expectTypeOf(session.current?.data.role).toEqualTypeOf<"admin" | "user" | undefined>();
      // @ts-expect-error no such key
      await session.update({ roles: "admin" });
      // @ts-expect-error no such role
      await session.regenerate({ role: "root" });
      // @ts-expect-error the role is missing
      await session.create({ userId: "u1" });
      return new Response();
    });
    expect(sessions.of(ctx).current?.data.userId).toBe("u1");
  });
});

test("two managers with two cookies live side by side in one application", async () => {
  const people = createVisits();
  const staff = createVisits({ session: { cookieName: "__Host-staff", prefix: "staff:" } });
  const person = await people.signIn({ userId: "u1" });
  const worker = await staff.signIn({ userId: "w1" });
  const headers = { cookie: `${person.cookie}; ${worker.cookie}` };
  const ctx: VisitContext = { request: new Request("https://a.example/", { headers }), state: {} };
  const response = await people.sessions(ctx, () =>
    staff.sessions(ctx, async () => {
      expect(people.sessions.of(ctx).current?.data).toEqual({ userId: "u1" });
      expect(staff.sessions.of(ctx).current?.data).toEqual({ userId: "w1" });
      await people.sessions.of(ctx).destroy();
      await staff.sessions.of(ctx).regenerate();
      return new Response();
    }),
  );
  const [first = "", second = ""] = response?.headers.getSetCookie() ?? [];
  expect(response?.headers.getSetCookie().length).toBe(2);
  expect(first).toStartWith("__Host-staff=");
  expect(second).toStartWith("sid=; Max-Age=0;");
  expect([people.held(person.id), staff.held(worker.id)]).toEqual([null, null]);
  expect(staff.held(idFrom([first]))?.data).toEqual({ userId: "w1" });
});

test("an option that makes no sense is refused at construction, naming it", () => {
  const manager = createSessionManager(createMemorySessionStore());
  const refused: [options: unknown, message: string][] = [
    [{ onFailure: "console" }, 'The option onFailure is "console"; it must be a function.'],
    [{ onFailure: null }, "The option onFailure is null; it must be a function."],
    [{ sameSite: "lax" }, 'The option sameSite is "lax"; '],
    [{ secure: "no" }, 'The option secure is "no"; '],
    [{ samesite: "Strict" }, "There is no option samesite; did you mean sameSite?"],
    [{ httpOnly: false }, "There is no option httpOnly; the options are secure, trustProxy, "],
  ];
  for (const [options, message] of refused) {
    expect(() => createSessionMiddleware(manager, mistyped(options))).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(message) }),
    );
  }
});
