import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { cookieOf, keyOf, newId, RENEW_BELOW, readId } from "../servers/by-hand.ts";
import { greeting, refusal, TTL, type User, userOf } from "../user.ts";

interface Session {
  readonly data: string;
  expiresAt: number;
}

interface Env {
  Variables: { user: User | undefined };
}

/** The hand-written minimum as a middleware of Hono. */
export function start(): number {
  const sessions = new Map<string, Session>();

  const session = createMiddleware<Env>(async (c, next) => {
    const id = readId(c.req.raw);
    const found = id === undefined ? undefined : sessions.get(keyOf(id));
    const now = Date.now();
    const live = found !== undefined && found.expiresAt > now ? found : undefined;
    if (live !== undefined) c.set("user", JSON.parse(live.data) as User);
    await next();
    c.header("Vary", "Cookie");
    if (id === undefined || live === undefined || live.expiresAt - now > TTL * 1000 * RENEW_BELOW) return;
    live.expiresAt = now + TTL * 1000;
    c.header("Set-Cookie", cookieOf(id, TTL), { append: true });
  });

  async function login(c: Context<Env>): Promise<Response> {
    const id = newId();
    sessions.set(keyOf(id), {
      data: JSON.stringify(userOf(await c.req.json())),
      expiresAt: Date.now() + TTL * 1000,
    });
    c.header("Set-Cookie", cookieOf(id, TTL), { append: true });
    c.header("Cache-Control", "no-store");
    return c.json({ ok: true });
  }

  const app = new Hono<Env>();
  app.use(session);
  app.post("/login", login);
  app.get("/hello", (c) => c.json(greeting));
  app.get("/me", (c) => {
    const user = c.get("user");
    return user === undefined ? c.json(refusal, 401) : c.json(user);
  });
  return Number(Bun.serve({ port: 0, fetch: app.fetch }).port);
}
