import { getIronSession, type IronSession } from "iron-session";
import { greeting, refusal, TTL, type User, userOf } from "../user.ts";

function open(request: Request, response: Response): Promise<IronSession<{ user?: User }>> {
  return getIronSession(request, response, {
    password: "a password of at least thirty-two characters",
    cookieName: "sid",
    ttl: TTL,
    cookieOptions: { secure: false },
  });
}

/** The data itself in an encrypted cookie: no store, so nothing that a log-out could end. */
export function start(): number {
  const server = Bun.serve({
    port: 0,
    routes: {
      "/hello": async (request) => {
        const response = Response.json(greeting);
        await open(request, response);
        return response;
      },
      "/me": async (request) => {
        const { user } = await open(request, new Response());
        return user === undefined ? Response.json(refusal, { status: 401 }) : Response.json(user);
      },
      "/login": {
        POST: async (request) => {
          const response = Response.json({ ok: true });
          const session = await open(request, response);
          session.user = userOf(await request.json());
          await session.save();
          return response;
        },
      },
    },
  });
  return Number(server.port);
}
