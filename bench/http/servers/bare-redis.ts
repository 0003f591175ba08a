import { RedisClient } from "bun";
import { redisUrl, userOf } from "../user.ts";

/** One `GET` and one `JSON.parse`, without a session. */
export async function start(): Promise<number> {
  const client = new RedisClient(redisUrl(), { enableAutoPipelining: false });
  await client.set("bare", JSON.stringify(userOf({ email: "ada@example.com" })));
  const server = Bun.serve({
    port: 0,
    routes: { "/me": async () => Response.json(JSON.parse((await client.get("bare")) ?? "{}")) },
  });
  return Number(server.port);
}
