import { greeting } from "../user.ts";
import { readId } from "./by-hand.ts";

/** Looks for the cookie, and does nothing about it. */
export function start(): number {
  const server = Bun.serve({
    port: 0,
    routes: {
      "/hello": (request) =>
        readId(request) === undefined ? Response.json(greeting) : new Response(null, { status: 404 }),
    },
  });
  return Number(server.port);
}
