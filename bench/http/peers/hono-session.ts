import { type SessionEnv, useSession, useSessionStorage } from "@hono/session";
import { Hono } from "hono";
import { greeting, refusal, TTL, type User, userOf } from "../user.ts";

type Data = { user: User };

/** The id in an encrypted cookie, the data in a `Map`. */
export function start(): number {
  const stored = new Map<string, Data>();
  const app = new Hono<SessionEnv<Data>>();
  app.use(
    useSessionStorage<Data, SessionEnv<Data>>({
      get: (id) => stored.get(id) ?? null,
      set: (id, data) => void stored.set(id, data),
      delete: (id) => void stored.delete(id),
    }),
    useSession<Data>({
      secret: "0123456789abcdef0123456789abcdef",
      duration: { absolute: 24 * TTL, inactivity: TTL },
    }),
  );
  app.post("/login", async (c) => {
    await c.var.session.update({ user: userOf(await c.req.json()) });
    return c.json({ ok: true });
  });
  app.get("/hello", (c) => c.json(greeting));
  app.get("/me", async (c) => {
    const data = await c.var.session.get();
    return data?.user === undefined ? c.json(refusal, 401) : c.json(data.user);
  });
  return Number(Bun.serve({ port: 0, fetch: app.fetch }).port);
}
