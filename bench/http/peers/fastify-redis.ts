import { connectRedisStore } from "./connect-redis.ts";
import { serveFastifySession } from "./fastify-session.ts";

export async function start(): Promise<number> {
  return serveFastifySession(await connectRedisStore("fastify:"));
}
