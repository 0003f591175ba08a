import { createRedisSessionStore } from "../../../packages/auth/src/index.ts";
import { createRedisClient } from "../../../packages/cache/src/index.ts";
import { redisUrl } from "../user.ts";
import { serveVentostack } from "./ventostack.ts";

export function start(): number {
  return serveVentostack(createRedisSessionStore({ client: createRedisClient({ url: redisUrl() }) }));
}
