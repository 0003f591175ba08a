import { createSessionManager, type SessionOptions, type SessionStore } from "@ventostack/auth";
import {
  type AppSession,
  BODY_LIMIT,
  errors,
  isBadData,
  listed,
  methodsAt,
  parseCredentials,
  parseNotes,
} from "@ventostack/example-shared/app";
import { answerEvents } from "@ventostack/example-shared/events";
import { page, pageHeaders } from "@ventostack/example-shared/page";
import { run } from "@ventostack/example-shared/run";
import { authenticateUser } from "@ventostack/example-shared/users";
import { withSession } from "@ventostack/middleware-cookie/bun";

const notSignedIn = (): Response => Response.json(errors.notSignedIn, { status: 401 });

export function serveApp(
  store: SessionStore,
  options: SessionOptions<AppSession>,
  port = 0,
): Bun.Server<undefined> {
  const manager = createSessionManager<AppSession>(store, options);
  const route = withSession(manager, { secure: "auto", sameSite: "Strict", device: true });

  return Bun.serve({
    port,
    maxRequestBodySize: BODY_LIMIT,
    routes: {
      // No session: the page is there even while the store is not, and to watch is not to use.
      "/": { GET: () => new Response(page, { headers: pageHeaders }) },
      "/auth/events": {
        GET: (request) => answerEvents(manager, request.method, request.headers.get("cookie")),
      },

      "/auth/login": {
        POST: route(async (request, session) => {
          const credentials = parseCredentials(await request.text());
          if (credentials === null) return Response.json(errors.badLogin, { status: 400 });
          const user = await authenticateUser(credentials.email, credentials.password);
          if (user === null) return Response.json(errors.wrongLogin, { status: 401 });
          await session.create({ userId: user.id, role: user.role });
          return Response.json({ ok: true });
        }),
      },

      "/auth/logout": {
        POST: route(async (_, session) => {
          await session.destroy();
          return Response.json({ ok: true });
        }),
      },

      "/auth/logout-all": {
        POST: route(async (_, session) => {
          if (session.current === null) return notSignedIn();
          const destroyed = await manager.destroyByUser(session.current.data.userId);
          await session.destroy();
          return Response.json({ destroyed });
        }),
      },

      "/me": {
        GET: route((_, { current }) => (current === null ? notSignedIn() : Response.json(current.data))),

        PATCH: route(async (request, session) => {
          if (session.current === null) return notSignedIn();
          const notes = parseNotes(await request.text());
          if (notes === null) return Response.json(errors.badNotes, { status: 400 });
          const updated = await session.update(notes);
          return updated === null ? notSignedIn() : Response.json(updated.data);
        }),
      },

      "/auth/sessions": {
        GET: route(async (_, { current }) => {
          if (current === null) return notSignedIn();
          const own = manager.handleOf(current.id);
          const list = await manager.listByUser(current.data.userId);
          return Response.json(list.map((info) => listed(info, own)));
        }),
      },

      "/auth/sessions/:handle": {
        DELETE: route(async ({ params: { handle } }, session) => {
          const { current } = session;
          if (current === null) return notSignedIn();
          const ended = await manager.destroyByHandle(current.data.userId, handle);
          if (!ended) return Response.json(errors.noSuchSession, { status: 404 });
          if (handle === manager.handleOf(current.id)) await session.destroy();
          return Response.json({ ok: true });
        }),
      },
    },

    // A method that a route does not have comes here, too.
    fetch(request) {
      const allow = methodsAt(new URL(request.url).pathname);
      if (allow === undefined) return Response.json(errors.notFound, { status: 404 });
      return Response.json(errors.wrongMethod, { status: 405, headers: { Allow: allow } });
    },

    error(error) {
      if (isBadData(error)) return Response.json(errors.badData, { status: 400 });
      console.error(error);
      return Response.json(errors.internal, { status: 500 });
    },
  });
}

if (import.meta.main) {
  await run(serveApp);
}
