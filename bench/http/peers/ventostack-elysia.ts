import { type AnyElysia, Elysia } from "elysia";
import { createMemorySessionStore, createSessionManager } from "../../../packages/auth/src/index.ts";
import { sessions } from "../../../packages/middleware-cookie/src/elysia.ts";
import { greeting, refusal, TTL, userOf } from "../user.ts";

/**
 * The plugin's type is lost: this folder and the workspace have each a copy of Elysia, whose types do not mix. A handler takes
 * what it needs out of the context by name. Elysia reads its text, and for one that takes the context whole it parses the
 * cookies, the query and the headers.
 */
export function start(): number {
  const manager = createSessionManager(createMemorySessionStore(), { ttl: TTL });
  const app = new Elysia()
    .use(sessions(manager) as unknown as AnyElysia)
    .get("/hello", () => greeting)
    .get("/me", ({ session, status }) => session.current?.data ?? status(401, refusal))
    .post("/login", async ({ body, session }) => {
      await session.create({ ...userOf(body) });
      return { ok: true };
    })
    .listen(0);
  return Number(app.server?.port);
}
