import express from "express";
import { createMemorySessionStore, createSessionManager } from "../../../packages/auth/src/index.ts";
import { sessions } from "../../../packages/middleware-cookie/src/express.ts";
import { greeting, refusal, TTL, userOf } from "../user.ts";
import { listening } from "./listening.ts";

export function start(): Promise<number> {
  const session = sessions(createSessionManager(createMemorySessionStore(), { ttl: TTL }));
  const app = express();
  app.use(session);
  app.get("/hello", (_, response) => void response.json(greeting));
  app.get("/me", (request, response) => {
    const { current } = session.of(request);
    if (current === null) response.status(401).json(refusal);
    else response.json(current.data);
  });
  app.post("/login", express.json(), async (request, response) => {
    await session.of(request).create({ ...userOf(request.body) });
    response.json({ ok: true });
  });
  return listening(app.listen(0));
}
