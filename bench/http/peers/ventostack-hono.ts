import { Hono } from "hono";
import { createMemorySessionStore, createSessionManager } from "../../../packages/auth/src/index.ts";
import { sessions } from "../../../packages/middleware-cookie/src/hono.ts";
import { greeting, refusal, TTL, userOf } from "../user.ts";

export function start(): number {
  const manager = createSessionManager(createMemorySessionStore(), { ttl: TTL });
  const app = new Hono()
    .use(sessions(manager))
    .post("/login", async (c) => {
      await c.var.session.create({ ...userOf(await c.req.json()) });
      return c.json({ ok: true });
    })
    .get("/hello", (c) => c.json(greeting))
    .get("/me", (c) => {
      const { current } = c.var.session;
      return current === null ? c.json(refusal, 401) : c.json(current.data);
    });
  return Number(Bun.serve({ port: 0, fetch: app.fetch }).port);
}
