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
import { sessions } from "@ventostack/middleware-cookie/elysia";
import { Elysia } from "elysia";

export function createApp(store: SessionStore, options: SessionOptions<AppSession>) {
  const manager = createSessionManager<AppSession>(store, options);

  const account = new Elysia()
    .use(sessions(manager, { secure: "auto", sameSite: "Strict", device: true }))
    .onError(({ error, status }) => {
      if (isBadData(error)) return status(400, errors.badData);
      console.error(error);
      return status(500, errors.internal);
    })
    .post(
      "/auth/login",
      async ({ body, session, status }) => {
        const credentials = parseCredentials(body);
        if (credentials === null) return status(400, errors.badLogin);
        const user = await authenticateUser(credentials.email, credentials.password);
        if (user === null) return status(401, errors.wrongLogin);
        await session.create({ userId: user.id, role: user.role });
        return { ok: true };
      },
      { parse: "text" },
    )
    .post("/auth/logout", async ({ session }) => {
      await session.destroy();
      return { ok: true };
    })
    .post("/auth/logout-all", async ({ session, status }) => {
      if (session.current === null) return status(401, errors.notSignedIn);
      const destroyed = await manager.destroyByUser(session.current.data.userId);
      await session.destroy();
      return { destroyed };
    })
    .get("/me", ({ session, status }) => session.current?.data ?? status(401, errors.notSignedIn))
    .patch(
      "/me",
      async ({ body, session, status }) => {
        if (session.current === null) return status(401, errors.notSignedIn);
        const notes = parseNotes(body);
        if (notes === null) return status(400, errors.badNotes);
        const updated = await session.update(notes);
        return updated?.data ?? status(401, errors.notSignedIn);
      },
      { parse: "text" },
    )
    .get("/auth/sessions", async ({ session: { current }, status }) => {
      if (current === null) return status(401, errors.notSignedIn);
      const own = manager.handleOf(current.id);
      const list = await manager.listByUser(current.data.userId);
      return list.map((info) => listed(info, own));
    })
    .delete("/auth/sessions/:handle", async ({ params: { handle }, session, status }) => {
      const { current } = session;
      if (current === null) return status(401, errors.notSignedIn);
      const ended = await manager.destroyByHandle(current.data.userId, handle);
      if (!ended) return status(404, errors.noSuchSession);
      if (handle === manager.handleOf(current.id)) await session.destroy();
      return { ok: true };
    });

  const app = new Elysia()
    .onError(({ code, status }) => (code === "NOT_FOUND" ? status(404, errors.notFound) : undefined))
    // Not among those with sessions: the page is there even while the store is not, and to watch is not to use.
    .get("/", () => new Response(page, { headers: pageHeaders }))
    .get("/auth/events", ({ request }) =>
      answerEvents(manager, request.method, request.headers.get("cookie")),
    )
    .use(account);
  for (const [path, allow] of Object.entries(methods)) {
    app.all(path, ({ set, status }) => {
      set.headers.allow = allow;
      return status(405, errors.wrongMethod);
    });
  }
  return app;
}

if (import.meta.main) {
  await run((store, options, port) => {
    const app = createApp(store, options).listen({ port, maxRequestBodySize: BODY_LIMIT });
    return { port: app.server?.port, stop: () => app.stop() };
  });
}
