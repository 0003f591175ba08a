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
import { send } from "@ventostack/example-shared/send";
import { authenticateUser } from "@ventostack/example-shared/users";
import { type RequestSession, sessions } from "@ventostack/middleware-cookie/fastify";
import fastify, { type FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    session: RequestSession<AppSession>;
  }
}

export function createApp(store: SessionStore, options: SessionOptions<AppSession>): FastifyInstance {
  const manager = createSessionManager<AppSession>(store, options);
  // A path that is too long is one that leads nowhere.
  const app = fastify({ bodyLimit: BODY_LIMIT, routerOptions: { maxParamLength: BODY_LIMIT } });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errors.notFound));
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    if (isBadData(error)) return reply.code(400).send(errors.badData);
    if (error.statusCode === 413) return reply.code(413).send(errors.tooLarge);
    console.error(error);
    return reply.code(500).send(errors.internal);
  });

  // Not among those with sessions: the page is there even while the store is not, and to watch is not to use.
  app.get("/", (_request, reply) => reply.headers(pageHeaders).send(page));
  app.get("/auth/events", async ({ method, headers }, reply) => {
    const events = await answerEvents(manager, method, headers.cookie);
    await send(reply.hijack().raw, events);
  });
  void app.register((account, _options, done) => {
    void account.register(sessions, { manager, secure: "auto", sameSite: "Strict", device: true });
    account.post("/auth/login", async ({ body, session }, reply) => {
      const credentials = parseCredentials(body);
      if (credentials === null) return reply.code(400).send(errors.badLogin);
      const user = await authenticateUser(credentials.email, credentials.password);
      if (user === null) return reply.code(401).send(errors.wrongLogin);
      await session.create({ userId: user.id, role: user.role });
      return { ok: true };
    });

    account.post("/auth/logout", async ({ session }) => {
      await session.destroy();
      return { ok: true };
    });

    account.post("/auth/logout-all", async ({ session }, reply) => {
      if (session.current === null) return reply.code(401).send(errors.notSignedIn);
      const destroyed = await manager.destroyByUser(session.current.data.userId);
      await session.destroy();
      return { destroyed };
    });

    account.get(
      "/me",
      async ({ session }, reply) => session.current?.data ?? reply.code(401).send(errors.notSignedIn),
    );

    account.patch("/me", async ({ body, session }, reply) => {
      if (session.current === null) return reply.code(401).send(errors.notSignedIn);
      const notes = parseNotes(body);
      if (notes === null) return reply.code(400).send(errors.badNotes);
      const updated = await session.update(notes);
      return updated?.data ?? reply.code(401).send(errors.notSignedIn);
    });

    account.get("/auth/sessions", async ({ session: { current } }, reply) => {
      if (current === null) return reply.code(401).send(errors.notSignedIn);
      const own = manager.handleOf(current.id);
      const list = await manager.listByUser(current.data.userId);
      return list.map((info) => listed(info, own));
    });

    account.delete<{ Params: { handle: string } }>(
      "/auth/sessions/:handle",
      async ({ params, session }, reply) => {
        const { current } = session;
        if (current === null) return reply.code(401).send(errors.notSignedIn);
        const ended = await manager.destroyByHandle(current.data.userId, params.handle);
        if (!ended) return reply.code(404).send(errors.noSuchSession);
        if (params.handle === manager.handleOf(current.id)) await session.destroy();
        return { ok: true };
      },
    );
    done();
  });

  for (const [url, allow] of Object.entries(methods)) {
    const others = app.supportedMethods.filter((method) => !allow.split(", ").includes(method));
    app.route({
      method: others,
      url,
      handler: (_request, reply) => reply.code(405).header("Allow", allow).send(errors.wrongMethod),
    });
  }
  return app;
}

if (import.meta.main) {
  await run(async (store, options, port) => {
    const app = createApp(store, options);
    return { port: Number(new URL(await app.listen({ port })).port), stop: () => app.close() };
  });
}
