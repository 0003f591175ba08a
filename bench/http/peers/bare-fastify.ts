import { fastify } from "fastify";
import { greeting, userOf } from "../user.ts";

const user = userOf({ email: "ada@example.com" });

/** No session at all: what Fastify costs by itself. */
export async function start(): Promise<number> {
  const app = fastify();
  app.get("/me", async () => user);
  app.get("/hello", async () => greeting);
  return Number(new URL(await app.listen({ port: 0 })).port);
}
