import { Elysia } from "elysia";
import { greeting, userOf } from "../user.ts";

const user = userOf({ email: "ada@example.com" });

/** No session at all: what Elysia costs by itself. */
export function start(): number {
  const app = new Elysia()
    .get("/me", () => user)
    .get("/hello", () => greeting)
    .listen(0);
  return Number(app.server?.port);
}
