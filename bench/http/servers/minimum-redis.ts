import { RedisClient } from "bun";
import { greeting, redisUrl, refusal, TTL, type User, userOf } from "../user.ts";
import { cookieOf, keyOf, newId, RENEW_BELOW, readId, vary } from "./by-hand.ts";

interface Stored {
  readonly data: User;
  readonly expiresAt: number;
}

/** The hand-written minimum in Redis: one `GET`, with the end of the session inside the record. */
export function start(): number {
  const client = new RedisClient(redisUrl(), { enableAutoPipelining: false });

  async function me(request: Request): Promise<Response> {
    const id = readId(request);
    if (id === undefined) return Response.json(refusal, { status: 401, ...vary });
    const key = `minimum:${keyOf(id)}`;
    const value = await client.get(key);
    if (value === null) return Response.json(refusal, { status: 401, ...vary });
    const session = JSON.parse(value) as Stored;
    const now = Date.now();
    if (session.expiresAt <= now) return Response.json(refusal, { status: 401, ...vary });
    const response = Response.json(session.data, vary);
    if (session.expiresAt - now <= TTL * 1000 * RENEW_BELOW) {
      await write(key, session.data);
      response.headers.set("Set-Cookie", cookieOf(id, TTL));
    }
    return response;
  }

  function write(key: string, data: User): Promise<unknown> {
    const stored: Stored = { data, expiresAt: Date.now() + TTL * 1000 };
    return client.set(key, JSON.stringify(stored), "EX", TTL);
  }

  async function login(request: Request): Promise<Response> {
    const id = newId();
    await write(`minimum:${keyOf(id)}`, userOf(await request.json()));
    return Response.json(
      { ok: true },
      { headers: { "Set-Cookie": cookieOf(id, TTL), "Cache-Control": "no-store" } },
    );
  }

  const server = Bun.serve({
    port: 0,
    routes: { "/me": me, "/login": { POST: login }, "/hello": () => Response.json(greeting, vary) },
  });
  return Number(server.port);
}
