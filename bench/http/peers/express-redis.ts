import { connectRedisStore } from "./connect-redis.ts";
import { serveExpressSession } from "./express-session.ts";

export async function start(): Promise<number> {
  return serveExpressSession(await connectRedisStore("express:"));
}
