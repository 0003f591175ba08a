import { expectTypeOf, test } from "bun:test";
import { createSessionManager } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import type { RequestSession } from "../request-session.ts";
import { withSession } from "./with-session.ts";

interface AppSession {
  userId: string;
  theme?: "dark" | "light";
}

test("the manager's data, the route's parameters and the server's data reach the handler", async () => {
  const manager = createSessionManager<AppSession>(createMemorySessionStore());
  const route = withSession(manager, { secure: "auto" });
  const server = Bun.serve({
    port: 0,
    routes: {
      "/users/:id": route((request, session) => {
        expectTypeOf(request.params).toEqualTypeOf<{ id: string }>();
        expectTypeOf(session).toEqualTypeOf<RequestSession<AppSession>>();
        return Response.json(session.current?.data.theme ?? "none");
      }),
      "/items/:item": {
        GET: withSession(manager, (request, session) => {
          expectTypeOf(request.params.item).toEqualTypeOf<string>();
          expectTypeOf(session.current?.data.userId).toEqualTypeOf<string | undefined>();
          return new Response();
        }),
      },
    },
    fetch: route(async (request, _session, server) => {
      expectTypeOf(server.port).toEqualTypeOf<number | undefined>();
      return new Response(request.url);
    }),
  });
  await server.stop(true);
});

test("a handler that upgrades may give nothing where Bun lets it", async () => {
  const manager = createSessionManager<AppSession>(createMemorySessionStore());
  const route = withSession(manager);
  const server = Bun.serve({
    port: 0,
    routes: {
      "/live/:room": route((request, session, server) => {
        const { room } = request.params;
        if (server.upgrade(request, { data: { room, userId: session.current?.data.userId } }))
          return undefined;
        return new Response("no", { status: 400 });
      }),
    },
    websocket: {
      data: {} as { room: string; userId: string | undefined },
      message() {},
    },
  });
  await server.stop(true);
});
