import { createSessionManager, type SessionOptions, type SessionStore } from "@ventostack/auth";
import {
  type AppSession,
  BODY_LIMIT,
  errors,
  isBadData,
  listed,
  methods,
  parseCredentials,
  parseNotes,
} from "@ventostack/example-shared/app";
import { answerEvents } from "@ventostack/example-shared/events";
import { page, pageHeaders } from "@ventostack/example-shared/page";
import { run } from "@ventostack/example-shared/run";
import { authenticateUser } from "@ventostack/example-shared/users";
import { sessions } from "@ventostack/middleware-cookie/hono";
import { Hono } from "hono";

export function createApp(store: SessionStore, options: SessionOptions<AppSession>): Hono {
  const manager = createSessionManager<AppSession>(store, options);
  const app = new Hono();

  // Before the sessions: the page is there even while the store is not, and to watch is not to use.
  app.get("/", (c) => c.body(page, 200, pageHeaders));
  app.get("/auth/events", (c) => answerEvents(manager, c.req.raw.method, c.req.header("cookie")));

  const account = new Hono().use(sessions(manager, { secure: "auto", sameSite: "Strict", device: true }));

  account.post("/auth/login", async (c) => {
    const credentials = parseCredentials(await c.req.text());
    if (credentials === null) return c.json(errors.badLogin, 400);
    const user = await authenticateUser(credentials.email, credentials.password);
    if (user === null) return c.json(errors.wrongLogin, 401);
    await c.var.session.create({ userId: user.id, role: user.role });
    return c.json({ ok: true });
  });

  account.post("/auth/logout", async (c) => {
    await c.var.session.destroy();
    return c.json({ ok: true });
  });

  account.post("/auth/logout-all", async (c) => {
    const { current } = c.var.session;
    if (current === null) return c.json(errors.notSignedIn, 401);
    const destroyed = await manager.destroyByUser(current.data.userId);
    await c.var.session.destroy();
    return c.json({ destroyed });
  });

  account.get("/me", (c) => {
    const { current } = c.var.session;
    return current === null ? c.json(errors.notSignedIn, 401) : c.json(current.data);
  });

  account.patch("/me", async (c) => {
    if (c.var.session.current === null) return c.json(errors.notSignedIn, 401);
    const notes = parseNotes(await c.req.text());
    if (notes === null) return c.json(errors.badNotes, 400);
    const updated = await c.var.session.update(notes);
    return updated === null ? c.json(errors.notSignedIn, 401) : c.json(updated.data);
  });

  account.get("/auth/sessions", async (c) => {
    const { current } = c.var.session;
    if (current === null) return c.json(errors.notSignedIn, 401);
    const own = manager.handleOf(current.id);
    const list = await manager.listByUser(current.data.userId);
    return c.json(list.map((info) => listed(info, own)));
  });

  account.delete("/auth/sessions/:handle", async (c) => {
    const { current } = c.var.session;
    if (current === null) return c.json(errors.notSignedIn, 401);
    const handle = c.req.param("handle");
    if (!(await manager.destroyByHandle(current.data.userId, handle)))
      return c.json(errors.noSuchSession, 404);
    if (handle === manager.handleOf(current.id)) await c.var.session.destroy();
    return c.json({ ok: true });
  });

  app.route("/", account);
  for (const [path, allow] of Object.entries(methods)) {
    app.all(path, (c) => c.json(errors.wrongMethod, 405, { Allow: allow }));
  }
  app.notFound((c) => c.json(errors.notFound, 404));
  return app.onError((error, c) => {
    if (isBadData(error)) return c.json(errors.badData, 400);
    console.error(error);
    return c.json(errors.internal, 500);
  });
}

if (import.meta.main) {
  await run((store, options, port) => {
    const { fetch } = createApp(store, options);
    const server = Bun.serve({ port, maxRequestBodySize: BODY_LIMIT, fetch });
    return { port: server.port, stop: () => server.stop() };
  });
}
