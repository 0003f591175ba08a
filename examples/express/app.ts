import { once } from "node:events";
import type { AddressInfo } from "node:net";
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
import { type RequestSession, sessions } from "@ventostack/middleware-cookie/express";
import express, { type Application, type ErrorRequestHandler } from "express";

declare global {
  namespace Express {
    interface Request {
      session: RequestSession<AppSession>;
    }
  }
}

export function createApp(store: SessionStore, options: SessionOptions<AppSession>): Application {
  const manager = createSessionManager<AppSession>(store, options);
  const session = sessions(manager, { secure: "auto", sameSite: "Strict", device: true });
  const app = express().disable("x-powered-by");

  // Before the sessions: the page is there even while the store is not, and to watch is not to use.
  app.get("/", (_req, res) => {
    res.set(pageHeaders).send(page);
  });
  app.get("/auth/events", async ({ method, headers }, res) =>
    send(res, await answerEvents(manager, method, headers.cookie)),
  );

  // The session before the body: a request that is refused need not be read.
  app.use(session, express.text({ type: () => true, limit: BODY_LIMIT }));

  app.post("/auth/login", async (req, res) => {
    const credentials = parseCredentials(req.body);
    if (credentials === null) return res.status(400).json(errors.badLogin);
    const user = await authenticateUser(credentials.email, credentials.password);
    if (user === null) return res.status(401).json(errors.wrongLogin);
    await req.session.create({ userId: user.id, role: user.role });
    return res.json({ ok: true });
  });

  app.post("/auth/logout", async (req, res) => {
    await req.session.destroy();
    res.json({ ok: true });
  });

  app.post("/auth/logout-all", async (req, res) => {
    const { current } = req.session;
    if (current === null) return res.status(401).json(errors.notSignedIn);
    const destroyed = await manager.destroyByUser(current.data.userId);
    await req.session.destroy();
    return res.json({ destroyed });
  });

  app.get("/me", ({ session: { current } }, res) => {
    if (current === null) res.status(401).json(errors.notSignedIn);
    else res.json(current.data);
  });

  app.patch("/me", async (req, res) => {
    if (req.session.current === null) return res.status(401).json(errors.notSignedIn);
    const notes = parseNotes(req.body);
    if (notes === null) return res.status(400).json(errors.badNotes);
    const updated = await req.session.update(notes);
    return updated === null ? res.status(401).json(errors.notSignedIn) : res.json(updated.data);
  });

  app.get("/auth/sessions", async ({ session: { current } }, res) => {
    if (current === null) return res.status(401).json(errors.notSignedIn);
    const own = manager.handleOf(current.id);
    const list = await manager.listByUser(current.data.userId);
    return res.json(list.map((info) => listed(info, own)));
  });

  app.delete("/auth/sessions/:handle", async (req, res) => {
    const { current } = req.session;
    if (current === null) return res.status(401).json(errors.notSignedIn);
    const { handle } = req.params;
    const ended = await manager.destroyByHandle(current.data.userId, handle);
    if (!ended) return res.status(404).json(errors.noSuchSession);
    if (handle === manager.handleOf(current.id)) await req.session.destroy();
    return res.json({ ok: true });
  });

  for (const [path, allow] of Object.entries(methods)) {
    app.all(path, (_req, res) => res.status(405).set("Allow", allow).json(errors.wrongMethod));
  }
  app.use((_req, res) => res.status(404).json(errors.notFound));
  return app.use(session.errorHandler, answerErrors);
}

const answerErrors: ErrorRequestHandler = (error, _req, res, _next) => {
  if (isBadData(error)) return res.status(400).json(errors.badData);
  if (error.status === 413) return res.status(413).json(errors.tooLarge);
  console.error(error);
  return res.status(500).json(errors.internal);
};

if (import.meta.main) {
  await run(async (store, options, port) => {
    const server = createApp(store, options).listen(port);
    await once(server, "listening");
    const address = server.address() as AddressInfo;
    return { port: address.port, stop: () => new Promise((resolve) => server.close(resolve)) };
  });
}
