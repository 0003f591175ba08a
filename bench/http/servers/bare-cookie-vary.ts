import { greeting } from "../user.ts";
import { readId, vary } from "./by-hand.ts";

/** Looks for the cookie, and says in its answer that it did, as one that depends on the session has to. */
export function start(): number {
  const server = Bun.serve({
    port: 0,
    routes: {
      "/hello": (request) =>
        readId(request) === undefined ? Response.json(greeting, vary) : new Response(null, { status: 404 }),
    },
  });
  return Number(server.port);
}
