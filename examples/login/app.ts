import {
  createSessionManager,
  createSessionMiddleware,
  createSessionStore,
  SessionError,
  type SessionOptions,
  type SessionStore,
} from "@ventostack/auth";
import { listed } from "@ventostack/example-shared/listed";
import { page, pageHeaders } from "@ventostack/example-shared/page";
import { authenticateUser } from "@ventostack/example-shared/users";
import { type Context, createRouter, type Router } from "@ventostack/router";

/** What this application keeps in a session: who it is, and whatever PATCH /me adds. */
interface AppSession {
  userId: string;
  role: "admin" | "user";
  [note: string]: unknown;
}

export function createApp(store: SessionStore, options: SessionOptions<AppSession>): Router {
  const session = createSessionManager<AppSession>(store, options);
  const sessions = createSessionMiddleware(session, { secure: "auto", sameSite: "Strict", device: true });
  const router = createRouter();

  // Outside the group: it needs no session, and so is there even while the store is not.
  router.get("/", (ctx) => ctx.html(page, { headers: pageHeaders }));

  router.group("/", (router) => {
    router.use(sessions);

    router.post("/auth/login", async (ctx) => {
      const { email, password } = (await readObject(ctx)) ?? {};
      if (typeof email !== "string" || typeof password !== "string" || email === "" || password === "") {
        return ctx.json({ error: "Send a JSON object with email and password." }, 400);
      }
      const user = await authenticateUser(email, password);
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
      const patch = await readObject(ctx);
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

/** The request's body where it is a JSON object, otherwise null. */
async function readObject(ctx: Context): Promise<Record<string, unknown> | null> {
  const body: unknown = await ctx.request.json().catch(() => null);
  return typeof body === "object" && !Array.isArray(body) ? (body as Record<string, unknown> | null) : null;
}

export interface Settings {
  readonly port: number;
  /** The URL of the store. */
  readonly store: string;
  /** Seconds. */
  readonly ttl: number;
}

/** What is empty counts as not set: that is how it comes out of many a configuration. */
export function readSettings({
  PORT,
  SESSION_STORE,
  SESSION_TTL,
}: Record<string, string | undefined>): Settings {
  return {
    port: Number(PORT || 3000),
    store: SESSION_STORE || "memory:",
    ttl: Number(SESSION_TTL || 3600),
  };
}

if (import.meta.main) {
  const { port, store: url, ttl } = readSettings(process.env);
  const store = await createSessionStore(url);
  const server = Bun.serve({
    port,
    // What PATCH /me sends is kept in the session, and that in memory: the default of 128 MB would soon fill it.
    maxRequestBodySize: 64 * 1024,
    ...createApp(store, { ttl }).serve(),
  });
  console.log(`listening on http://localhost:${server.port}`);

  const stop = async (): Promise<void> => {
    await server.stop();
    await store.close?.();
    process.exit(0);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
}
