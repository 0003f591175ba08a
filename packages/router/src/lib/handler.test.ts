import { describe, expect, test } from "bun:test";
import type { Middleware } from "./handler.ts";
import { createRouter } from "./router.ts";
import { startServer } from "./server.test-kit.ts";

interface Session {
  id: string;
  data: Record<string, unknown>;
}

/** The part of a session manager that the documented code uses, and a count of its touches. */
function createFakeManager() {
  const sessions = new Map<string, Session>();
  const touched: string[] = [];
  return {
    touched,
    async create(data: Record<string, unknown>): Promise<Session> {
      const created = { id: `id-${sessions.size + 1}`, data };
      sessions.set(created.id, created);
      return created;
    },
    async get(id: string): Promise<Session | null> {
      return sessions.get(id) ?? null;
    },
    async touch(id: string): Promise<void> {
      touched.push(id);
    },
    async destroy(id: string): Promise<void> {
      sessions.delete(id);
    },
  };
}

const parseCookie = (header: string | null): Record<string, string> =>
  Object.fromEntries(new Bun.CookieMap(header ?? ""));

const authenticateUser = async (email: string, password: string) => {
  if (password !== "secret") throw new Error("Wrong password");
  return { id: email, role: "admin" };
};

/** The middleware and the routes as the documentation has them. */
function createDocumented() {
  const session = createFakeManager();
  const router = createRouter();

  const sessionMiddleware: Middleware = async (ctx, next) => {
    const cookieHeader = ctx.headers.get("cookie");
    // biome-ignore lint/complexity/useLiteralKeys: word for word as documented
    const sessionId = parseCookie(cookieHeader)["sid"];
    if (sessionId) {
      const sess = await session.get(sessionId);
      if (sess) {
        ctx.state.session = sess.data;
        ctx.state.sessionId = sessionId;
      }
    }
    await next();
    if (ctx.state.sessionId) {
      await session.touch(ctx.state.sessionId);
    }
  };
  router.use(sessionMiddleware);

  router.post("/auth/login", async (ctx) => {
    const { email, password } = (await ctx.request.json()) as { email: string; password: string };
    const user = await authenticateUser(email, password);
    const sess = await session.create({ userId: user.id, role: user.role });
    const response = ctx.json({ ok: true });
    response.headers.set("Set-Cookie", `sid=${sess.id}; HttpOnly; Secure; SameSite=Strict; Max-Age=3600`);
    return response;
  });
  router.post("/auth/logout", async (ctx) => {
    const sessionId = ctx.state.sessionId as string;
    if (sessionId) {
      await session.destroy(sessionId);
    }
    const response = ctx.json({ ok: true });
    response.headers.set("Set-Cookie", `sid=; Max-Age=0`);
    return response;
  });

  router.get("/me", (ctx) => ctx.json(ctx.state.session ?? null));
  return { router, session };
}

describe("the documented session code", () => {
  test("logs in, recognises, touches and logs out", async () => {
    const { router, session } = createDocumented();
    using server = startServer(router);

    const login = await server.request("/auth/login", {
      method: "POST",
      body: JSON.stringify({ email: "ada@example.com", password: "secret" }),
    });
    expect(login.status).toBe(200);
    expect(await login.json()).toEqual({ ok: true });
    expect(login.headers.getSetCookie()).toEqual([
      "sid=id-1; HttpOnly; Secure; SameSite=Strict; Max-Age=3600",
    ]);
    expect(session.touched).toEqual([]);

    const headers = { Cookie: "theme=dark; sid=id-1" };
    const me = await server.request("/me", { headers });
    expect(await me.json()).toEqual({ userId: "ada@example.com", role: "admin" });
    expect(session.touched).toEqual(["id-1"]);

    const logout = await server.request("/auth/logout", { method: "POST", headers });
    expect(await logout.json()).toEqual({ ok: true });
    expect(logout.headers.getSetCookie()).toEqual(["sid=; Max-Age=0"]);
    expect(await (await server.request("/me", { headers })).json()).toBeNull();
  });

  test("leaves a request without a cookie alone", async () => {
    const { router, session } = createDocumented();
    using server = startServer(router);
    expect(await (await server.request("/me")).json()).toBeNull();
    expect(session.touched).toEqual([]);
  });
});

test("middleware typed for less of the context fits, and gets what it names", async () => {
  const language = async (
    ctx: { headers: Headers; state: Record<string, unknown> },
    next: () => Promise<Response>,
  ): Promise<Response> => {
    ctx.state.language = ctx.headers.get("Accept-Language");
    return next();
  };
  using server = startServer(createRouter().get("/", language, (ctx) => ctx.json(ctx.state.language)));
  const response = await server.request("/", { headers: { "Accept-Language": "fr" } });
  expect(await response.json()).toBe("fr");
});

test("the names in a path are known to its handler", async () => {
  const router = createRouter().get("/users/:id/posts/:post", (ctx) => {
    const { id, post }: { id: string; post: string } = ctx.params;
    // @ts-expect-error what the path does not name may be missing
    const other: string = ctx.params.other;
    return ctx.json([id, post, other ?? null]);
  });
  using server = startServer(router);
  expect(await (await server.request("/users/1/posts/2")).json()).toEqual(["1", "2", null]);
});
