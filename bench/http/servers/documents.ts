import { greeting, refusal, TTL, type User, userOf } from "../user.ts";

/** What the guide's middleware calls. */
export interface DocumentsStore {
  get(id: string): Promise<{ data: User } | null>;
  set(id: string, data: User): Promise<void>;
  touch(id: string): Promise<void>;
}

interface Context {
  readonly headers: Headers;
  readonly state: { session?: User; sessionId?: string };
}

/**
 * A plain port of the middleware in the guide, with a store as its four methods suggest it: the id itself as the key,
 * every cookie parsed, a touch with every request.
 */
export function serveDocuments(store: DocumentsStore): number {
  async function sessionMiddleware(ctx: Context, next: () => Promise<void>): Promise<void> {
    const sessionId = parseCookie(ctx.headers.get("cookie")).sid;
    if (sessionId) {
      const session = await store.get(sessionId);
      if (session) {
        ctx.state.session = session.data;
        ctx.state.sessionId = sessionId;
      }
    }
    await next();
    if (ctx.state.sessionId) await store.touch(ctx.state.sessionId);
  }

  function withSession(handler: (ctx: Context) => Response): (request: Request) => Promise<Response> {
    return async (request) => {
      const ctx: Context = { headers: request.headers, state: {} };
      let response: Response | undefined;
      await sessionMiddleware(ctx, async () => {
        response = handler(ctx);
      });
      return response ?? new Response(null, { status: 500 });
    };
  }

  const server = Bun.serve({
    port: 0,
    routes: {
      "/hello": withSession(() => Response.json(greeting)),
      "/me": withSession(({ state }) =>
        state.session === undefined ? Response.json(refusal, { status: 401 }) : Response.json(state.session),
      ),
      "/login": {
        POST: async (request) => {
          const id = crypto.randomUUID();
          await store.set(id, userOf(await request.json()));
          const response = Response.json({ ok: true });
          response.headers.set(
            "Set-Cookie",
            `sid=${id}; HttpOnly; Secure; SameSite=Strict; Max-Age=${TTL}; Path=/`,
          );
          return response;
        },
      },
    },
  });
  return Number(server.port);
}

function parseCookie(header: string | null): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const pair of header?.split(";") ?? []) {
    const [name = "", ...value] = pair.trim().split("=");
    cookies[name] = value.join("=");
  }
  return cookies;
}
