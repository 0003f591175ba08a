import { describe, expect, test } from "bun:test";
import { createSessionManager, SessionError, type SessionStore } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { createSessionMiddleware } from "./session-middleware.ts";
import {
  createVisits,
  idFrom,
  type VisitContext,
  type Visited,
  type VisitHandler,
} from "./visits.test-kit.ts";

const ID = `${"i".repeat(42)}A`;
const down = async (): Promise<never> => {
  throw new Error("connect ECONNREFUSED 10.0.0.7:6379");
};
const INTERVAL = 360_000;

/** Nobody was signed out, nobody signed in, nothing of the store is told, and it may be tried again [ASVS 16.5.2]. */
async function expectUnavailable({
  response,
  cookies,
}: Pick<Visited, "response" | "cookies">): Promise<void> {
  const retryAfter = Number(response.headers.get("retry-after"));
  expect([response.status, cookies, response.headers.get("cache-control")]).toEqual([503, [], "no-store"]);
  expect([Number.isInteger(retryAfter), retryAfter > 0]).toEqual([true, true]);
  expect(await response.json()).toEqual({ error: expect.stringContaining("unavailable") });
}

describe("a store that fails when the session is loaded", () => {
  const ways: Record<string, SessionStore["load"]> = {
    rejects: down,
    "throws at once": () => {
      throw new TypeError("undefined is not an object");
    },
    "never answers": () => new Promise(() => undefined),
    "rejects with a SessionError": async () => {
      throw new SessionError("STORE_UNAVAILABLE", "down");
    },
  };
  test.each(Object.entries(ways))(
    "and %s: 503, no cookie, and the handler is not run [G6]",
    async (_, load) => {
      let ran = false;
      const { visit } = createVisits({ store: { load: load ?? down }, session: { storeTimeout: 1 } });
      const visited = await visit(`sid=${ID}`, () => {
        ran = true;
        return new Response();
      });
      await expectUnavailable(visited);
      expect([ran, visited.ctx.state]).toEqual([false, {}]);
    },
  );

  test("throwing before a promise is made, on a store of the application's own: the same", async () => {
    const store: SessionStore = {
      ...createMemorySessionStore(),
      load: () => {
        throw new TypeError("undefined is not an object");
      },
    };
    const sessions = createSessionMiddleware(createSessionManager(store));
    const request = new Request("https://a.example/", { headers: { cookie: `sid=${ID}` } });
    const response = await sessions({ request, state: {} }, async () => new Response());
    if (response === undefined) throw new Error("no answer");
    await expectUnavailable({ response, cookies: response.headers.getSetCookie() });
  });

  test("does not touch those who are not signed in", async () => {
    const { visit } = createVisits({ store: { load: down } });
    const { response, cookies } = await visit("theme=dark", () => new Response("hello"));
    expect([response.status, await response.text(), cookies]).toEqual([200, "hello", []]);
  });

  test("with what is no failure of the store is the application's error, not a 503", async () => {
    const unsupported = new SessionError("UNSUPPORTED", "cannot");
    const { visit } = createVisits({ store: { load: () => Promise.reject(unsupported) } });
    await expect(visit(`sid=${ID}`)).rejects.toBe(unsupported);
  });
});

describe("a store that fails when the session is extended", () => {
  test("leaves the answer as it is, without a cookie, and tells onFailure", async () => {
    const { visit, signIn, clock, failures } = createVisits({ store: { refresh: down } });
    const { cookie } = await signIn();
    clock.advance(INTERVAL);
    const answer = new Response("the handler's work", { status: 201 });
    const { response, cookies } = await visit(cookie, () => answer);
    expect([response === answer, response.status, cookies]).toEqual([true, 201, []]);
    expect(failures).toEqual([expect.objectContaining({ code: "STORE_UNAVAILABLE" })]);
  });

  test("and never answers: the same, within storeTimeout", async () => {
    const { visit, signIn, clock, failures } = createVisits({
      store: { refresh: () => new Promise(() => undefined) },
      session: { storeTimeout: 1 },
    });
    const { cookie } = await signIn();
    clock.advance(INTERVAL);
    const { response, cookies } = await visit(cookie);
    expect([response.status, cookies]).toEqual([200, []]);
    expect(failures).toEqual([expect.objectContaining({ code: "STORE_TIMEOUT" })]);
  });
});

describe("a store that fails in the handler", () => {
  test("and the handler rejects with it: 503, no cookie", async () => {
    const { visit, sessions } = createVisits({ store: { insert: down } });
    await expectUnavailable(
      await visit(undefined, async (ctx) => {
        await sessions.of(ctx).create({ userId: "u1" });
        return new Response();
      }),
    );
  });

  test("at a log-in leaves the session from before alive", async () => {
    const before = createVisits();
    const { id, cookie } = await before.signIn();
    const { visit, sessions } = createVisits({ store: { ...before.memory, insert: down } });
    await expectUnavailable(
      await visit(cookie, async (ctx) => {
        await sessions.of(ctx).create({ userId: "u2" });
        return new Response();
      }),
    );
    expect(before.held(id)?.data).toEqual({ userId: "u1" });
  });

  test("is asked for nothing more, even where the session is due to be extended [G10]", async () => {
    const { visit, sessions, signIn, clock, calls } = createVisits({
      store: { replace: down, refresh: down },
    });
    const { cookie } = await signIn();
    clock.advance(INTERVAL);
    await visit(cookie, async (ctx) => {
      await sessions.of(ctx).update({ a: 1 });
      return new Response();
    });
    expect(calls()).toEqual(["load", "load", "replace"]);
  });

  test("after it has signed in: 503, and no cookie of a log-in that was not answered", async () => {
    const { visit, sessions, signIn } = createVisits({ store: { delete: down } });
    const { cookie, id } = await signIn();
    const visited = await visit(cookie, async (ctx) => {
      await sessions.of(ctx).create({ userId: "u2" });
      return new Response();
    });
    await expectUnavailable(visited);
    expect(visited.ctx.state.sessionId).toBe(id);
  });

  /** As a router does whose `next()` never rejects. */
  const answeredBy =
    (status: number, handler: (ctx: VisitContext) => Promise<unknown>): VisitHandler =>
    async (ctx) => {
      try {
        await handler(ctx);
      } catch (error) {
        ctx.error = error;
      }
      return new Response("the application's own words", { status });
    };

  test("and the router answers 500 for it: 503, no cookie", async () => {
    const { visit, sessions, signIn } = createVisits({ store: { replace: down } });
    const { cookie } = await signIn();
    await expectUnavailable(
      await visit(
        cookie,
        answeredBy(500, (ctx) => sessions.of(ctx).update({ a: 1 })),
      ),
    );
  });

  test("and the application answers otherwise: its answer stands", async () => {
    const { visit, sessions, signIn } = createVisits({ store: { replace: down } });
    const { cookie } = await signIn();
    const { response, cookies } = await visit(
      cookie,
      answeredBy(502, (ctx) => sessions.of(ctx).update({ a: 1 })),
    );
    expect([response.status, await response.text(), cookies]).toEqual([
      502,
      "the application's own words",
      [],
    ]);
  });

  test.each<[string, (handler: (ctx: VisitContext) => Promise<Response>) => VisitHandler]>([
    ["rejects", (handler) => handler],
    ["answers 500", (handler) => answeredBy(500, handler)],
  ])(
    "after a new id, on a router that %s: 503, with the cookie without which the user were signed out [G6]",
    async (_, wrap) => {
      const { visit, sessions, signIn } = createVisits();
      const { cookie } = await signIn();
      const { response, cookies } = await visit(
        cookie,
        wrap(async (ctx) => {
          await sessions.of(ctx).regenerate();
          throw new SessionError("STORE_UNAVAILABLE", "down");
        }),
      );
      expect([response.status, response.headers.get("cache-control")]).toEqual([503, "no-store"]);
      expect((await visit(`sid=${idFrom(cookies)}`)).ctx.state.session).toEqual({ userId: "u1" });
    },
  );

  test("while a 500 for any other error stays a 500", async () => {
    const { visit, signIn } = createVisits();
    const { cookie } = await signIn();
    const { response } = await visit(
      cookie,
      answeredBy(500, () => Promise.reject(new Error("of its own"))),
    );
    expect([response.status, await response.text()]).toEqual([500, "the application's own words"]);
  });

  test("and what else a handler throws is thrown on, as it is", async () => {
    const { visit, signIn } = createVisits();
    const { cookie } = await signIn();
    const errors = [new Error("of its own"), new SessionError("CONFLICT", "others"), "a string", undefined];
    for (const error of errors) {
      const caught = visit(cookie, () => Promise.reject(error)).then(
        () => ({ answered: true }),
        (thrown: unknown) => ({ thrown }),
      );
      expect(await caught).toEqual({ thrown: error });
    }
  });

  test("which had ended the old session by hand: 503, and the new cookie is not sent", async () => {
    const { visit, manager, signIn } = createVisits({ store: { delete: down } });
    const { cookie } = await signIn();
    await expectUnavailable(
      await visit(cookie, async () => {
        const { id } = await manager.create({ userId: "u2" });
        return new Response("ok", { headers: { "set-cookie": `sid=${id}; Max-Age=3600` } });
      }),
    );
  });
});

test("what is no failure of the store is not hidden behind a 503 as the answer is settled", async () => {
  const unsupported = new SessionError("UNSUPPORTED", "cannot");
  const { visit, manager, signIn } = createVisits({ store: { delete: () => Promise.reject(unsupported) } });
  const { cookie } = await signIn();
  const visited = visit(cookie, async () => {
    const { id } = await manager.create({});
    return new Response(null, { headers: { "set-cookie": `sid=${id}` } });
  });
  await expect(visited).rejects.toBe(unsupported);
});
