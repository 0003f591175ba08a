import { type FastifyRequest, fastify } from "fastify";
import { createMemorySessionStore, createSessionManager } from "../../../packages/auth/src/index.ts";
import { type RequestSession, sessions } from "../../../packages/middleware-cookie/src/fastify.ts";
import { greeting, refusal, TTL, userOf } from "../user.ts";

/** An application declares the property; here it would meet that of @fastify/session, which this folder has as well. */
const sessionOf = (request: FastifyRequest): RequestSession => Reflect.get(request, "sessions");

export async function start(): Promise<number> {
  const manager = createSessionManager(createMemorySessionStore(), { ttl: TTL });
  const app = fastify();
  await app.register(sessions, { manager, as: "sessions" });
  app.get("/hello", async () => greeting);
  app.get("/me", async (request, reply) => {
    const { current } = sessionOf(request);
    return current?.data ?? reply.status(401).send(refusal);
  });
  app.post("/login", async (request) => {
    await sessionOf(request).create({ ...userOf(request.body) });
    return { ok: true };
  });
  return Number(new URL(await app.listen({ port: 0 })).port);
}
