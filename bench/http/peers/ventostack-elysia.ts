import { type AnyElysia, Elysia } from "elysia";
import { createMemorySessionStore, createSessionManager } from "../../../packages/auth/src/index.ts";
import { type RequestSession, sessions } from "../../../packages/middleware-cookie/src/elysia.ts";
import { greeting, refusal, TTL, userOf } from "../user.ts";

/** Its type is lost below: this folder and the workspace have each a copy of Elysia, whose types do not mix. */
const sessionOf = (context: object): RequestSession => Reflect.get(context, "session");

export function start(): number {
  const manager = createSessionManager(createMemorySessionStore(), { ttl: TTL });
  const app = new Elysia()
    .use(sessions(manager) as unknown as AnyElysia)
    .get("/hello", () => greeting)
    .get("/me", ({ status, ...context }) => sessionOf(context).current?.data ?? status(401, refusal))
    .post("/login", async ({ body, ...context }) => {
      await sessionOf(context).create({ ...userOf(body) });
      return { ok: true };
    })
    .listen(0);
  return Number(app.server?.port);
}
