import { Elysia } from "elysia";
import { cookieOf, keyOf, newId, RENEW_BELOW, readId } from "../servers/by-hand.ts";
import { greeting, refusal, TTL, type User, userOf } from "../user.ts";

/** The hand-written minimum as hooks of Elysia. */
export function start(): number {
  const sessions = new Map<string, { readonly data: string; expiresAt: number }>();
  const app = new Elysia()
    .derive(({ request, set }) => {
      set.headers.vary = "Cookie";
      const id = readId(request);
      const found = id === undefined ? undefined : sessions.get(keyOf(id));
      const now = Date.now();
      if (id === undefined || found === undefined || found.expiresAt <= now) return { user: undefined };
      if (found.expiresAt - now <= TTL * 1000 * RENEW_BELOW) {
        found.expiresAt = now + TTL * 1000;
        set.headers["set-cookie"] = cookieOf(id, TTL);
      }
      return { user: JSON.parse(found.data) as User };
    })
    .get("/me", ({ user, status }) => user ?? status(401, refusal))
    .get("/hello", () => greeting)
    .post("/login", ({ body, set }) => {
      const id = newId();
      sessions.set(keyOf(id), { data: JSON.stringify(userOf(body)), expiresAt: Date.now() + TTL * 1000 });
      set.headers["set-cookie"] = cookieOf(id, TTL);
      set.headers["cache-control"] = "no-store";
      return { ok: true };
    })
    .listen(0);
  return Number(app.server?.port);
}
