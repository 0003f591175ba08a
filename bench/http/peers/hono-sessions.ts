import { Hono } from "hono";
import { MemoryStore, type Session, sessionMiddleware } from "hono-sessions";
import { greeting, refusal, TTL, type User, userOf } from "../user.ts";

interface Env {
  Variables: { session: Session<{ user: User }> };
}

export function start(): number {
  const app = new Hono<Env>();
  app.use(
    "*",
    sessionMiddleware({
      store: new MemoryStore(),
      expireAfterSeconds: TTL,
      cookieOptions: { path: "/", httpOnly: true, sameSite: "Lax" },
    }),
  );
  app.post("/login", async (c) => {
    c.get("session").set("user", userOf(await c.req.json()));
    return c.json({ ok: true });
  });
  app.get("/hello", (c) => c.json(greeting));
  app.get("/me", (c) => {
    const user = c.get("session").get("user");
    return user === null ? c.json(refusal, 401) : c.json(user);
  });
  return Number(Bun.serve({ port: 0, fetch: app.fetch }).port);
}
