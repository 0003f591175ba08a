import {
  createSessionManager,
  createSessionMiddleware,
  SessionError,
  type SessionOptions,
  type SessionStore,
} from "@ventostack/auth";
import { type AppSession, BODY_LIMIT, parseCredentials, parseObject } from "@ventostack/example-shared/app";
import { answerEvents } from "@ventostack/example-shared/events";
import { listed } from "@ventostack/example-shared/listed";
import { page, pageHeaders } from "@ventostack/example-shared/page";
import { run } from "@ventostack/example-shared/run";
import { authenticateUser } from "@ventostack/example-shared/users";
import { type Context, createRouter, type Router } from "@ventostack/router";

export function createApp(store: SessionStore, options: SessionOptions<AppSession>): Router {
  const session = createSessionManager<AppSession>(store, options);
  const sessions = createSessionMiddleware(session, { secure: "auto", sameSite: "Strict", device: true });
  const router = createRouter();

  // Outside the group: it needs no session, and so is there even while the store is not.
  router.get("/", (ctx) => ctx.html(page, { headers: pageHeaders }));

  // Outside as well: to watch is not to use, and must not extend the session.
  router.get("/auth/events", (ctx) => answerEvents(session, ctx.request.method, ctx.headers.get("cookie")));

  router.group("/", (router) => {
    router.use(sessions);

    router.post("/auth/login", async (ctx) => {
      const credentials = parseCredentials(await ctx.request.text());
      if (credentials === null)
        return ctx.json({ error: "Send a JSON object with email and password." }, 400);
      const user = await authenticateUser(credentials.email, credentials.password);
      if (user === null) return ctx.json({ error: "The e-mail or the password is wrong." }, 401);
      const sess = await session.create({ userId: user.id, role: user.role });
      const response = ctx.json({ ok: true });
      // The middleware sends this cookie on with Path=/ and renews it, and ends the session from before the log-in.
      // `await sessions.of(ctx).create({ userId: user.id, role: user.role })` would need no header at all.
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

    router.post("/auth/logout-all", async (ctx) => {
      const { current } = sessions.of(ctx);
      if (current === null) return notSignedIn(ctx);
      const destroyed = await session.destroyByUser(current.data.userId);
      await sessions.of(ctx).destroy();
      return ctx.json({ destroyed });
    });

    router.get("/me", (ctx) => {
      const { current } = sessions.of(ctx);
      return current === null ? notSignedIn(ctx) : ctx.json(current.data);
    });

    router.patch("/me", async (ctx) => {
      if (sessions.of(ctx).current === null) return notSignedIn(ctx);
      const patch = parseObject(await ctx.request.text());
      if (patch === null) return ctx.json({ error: "Send a JSON object." }, 400);
      if ("userId" in patch || "role" in patch)
        return ctx.json({ error: "userId and role are not yours to set." }, 400);
      const updated = await sessions.of(ctx).update(patch);
      return updated === null ? notSignedIn(ctx) : ctx.json(updated.data);
    });

    router.get("/auth/sessions", async (ctx) => {
      const { current } = sessions.of(ctx);
      if (current === null) return notSignedIn(ctx);
      const own = session.handleOf(current.id);
      const list = await session.listByUser(current.data.userId);
      return ctx.json(list.map((each) => listed(each, own)));
    });

    router.delete("/auth/sessions/:handle", async (ctx) => {
      const { current } = sessions.of(ctx);
      if (current === null) return notSignedIn(ctx);
      if (!(await session.destroyByHandle(current.data.userId, ctx.params.handle))) {
        return ctx.json({ error: "You have no such session." }, 404);
      }
      if (ctx.params.handle === session.handleOf(current.id)) await sessions.of(ctx).destroy();
      return ctx.json({ ok: true });
    });
  });

  return router.onError((error, ctx) => {
    if (error instanceof SessionError && error.code === "INVALID_DATA")
      return ctx.json({ error: error.message }, 400);
    console.error(error);
    return ctx.json({ error: "Something went wrong." }, 500);
  });
}

function notSignedIn(ctx: Context): Response {
  return ctx.json({ error: "You are not signed in." }, 401);
}

if (import.meta.main) {
  await run((store, options, port) => {
    const server = Bun.serve({ port, maxRequestBodySize: BODY_LIMIT, ...createApp(store, options).serve() });
    return { port: server.port, stop: () => server.stop() };
  });
}
