import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { redisUrl } from "../user.ts";

/** connect-redis with the client that its README has. */
export async function connectRedisStore(prefix: string): Promise<RedisStore> {
  const client = createClient({ url: redisUrl() });
  await client.connect();
  return new RedisStore({ client, prefix });
}
