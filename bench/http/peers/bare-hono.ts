import { Hono } from "hono";
import { greeting, userOf } from "../user.ts";

const user = userOf({ email: "ada@example.com" });

/** No session at all: what Hono costs by itself. */
export function start(): number {
  const app = new Hono();
  app.get("/me", (c) => c.json(user));
  app.get("/hello", (c) => c.json(greeting));
  return Number(Bun.serve({ port: 0, fetch: app.fetch }).port);
}
