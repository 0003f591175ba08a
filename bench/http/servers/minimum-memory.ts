import { greeting, refusal, TTL, userOf } from "../user.ts";
import { cookieOf, keyOf, newId, RENEW_BELOW, readId, vary } from "./by-hand.ts";

const sessions = new Map<string, { readonly data: string; expiresAt: number }>();

function me(request: Request): Response {
  const id = readId(request);
  if (id === undefined) return Response.json(refusal, { status: 401, ...vary });
  const session = sessions.get(keyOf(id));
  const now = Date.now();
  if (session === undefined || session.expiresAt <= now)
    return Response.json(refusal, { status: 401, ...vary });
  const response = Response.json(JSON.parse(session.data), vary);
  if (session.expiresAt - now <= TTL * 1000 * RENEW_BELOW) {
    session.expiresAt = now + TTL * 1000;
    response.headers.set("Set-Cookie", cookieOf(id, TTL));
  }
  return response;
}

async function login(request: Request): Promise<Response> {
  const id = newId();
  sessions.set(keyOf(id), {
    data: JSON.stringify(userOf(await request.json())),
    expiresAt: Date.now() + TTL * 1000,
  });
  return Response.json(
    { ok: true },
    { headers: { "Set-Cookie": cookieOf(id, TTL), "Cache-Control": "no-store" } },
  );
}

/** The hand-written minimum: a session by hand, in a `Map`. */
export function start(): number {
  const server = Bun.serve({
    port: 0,
    routes: { "/me": me, "/login": { POST: login }, "/hello": () => Response.json(greeting, vary) },
  });
  return Number(server.port);
}
