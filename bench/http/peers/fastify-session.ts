import cookie from "@fastify/cookie";
import session, { type FastifySessionOptions } from "@fastify/session";
import { fastify } from "fastify";
import { greeting, refusal, TTL, type User, userOf } from "../user.ts";

declare module "fastify" {
  interface Session {
    user?: User;
  }
}

/** @fastify/session as its README has it, but for cookies over http; `undefined`: its own store in memory. */
export async function serveFastifySession(store: FastifySessionOptions["store"]): Promise<number> {
  const app = fastify();
  await app.register(cookie);
  await app.register(session, {
    ...(store !== undefined && { store }),
    secret: "a secret with minimum length of 32 characters",
    saveUninitialized: false,
    cookie: { maxAge: TTL * 1000, secure: false, sameSite: "lax" },
  });
  app.get("/hello", async () => greeting);
  app.get("/me", async ({ session: { user } }, reply) => user ?? reply.status(401).send(refusal));
  app.post("/login", async (request) => {
    await request.session.regenerate();
    request.session.user = userOf(request.body);
    return { ok: true };
  });
  return Number(new URL(await app.listen({ port: 0 })).port);
}
