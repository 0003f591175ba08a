import { expect, test } from "bun:test";
import { createSessionManager } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { describePlugin, type UserData } from "../plugin.test-kit.ts";
import { withSession } from "./with-session.ts";

describePlugin("Bun.serve", ({ users, admins, lines, file }) => {
  const user = withSession(users, { error: () => new Response("failed", { status: 500 }) });
  const admin = withSession(admins);
  const server = Bun.serve({
    port: 0,
    routes: {
      "/login": user(async (_, session) => {
        await session.create({ userId: "u1" });
        return new Response("ok");
      }),
      "/admin": admin(async (_, session) => {
        await session.create({ adminId: "a1" });
        return new Response("ok");
      }),
      "/me": user((request, { current }, server) =>
        admin((_, adminSession) =>
          Response.json({ user: current?.data ?? null, admin: adminSession.current?.data ?? null }),
        )(request, server),
      ),
      "/nested/*": user((_, { current }) => Response.json({ user: current?.data ?? null })),
      "/several": user(async (_, session) => {
        await session.create({ userId: "u1" });
        return new Response("ok", {
          headers: [
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
          ],
        });
      }),
      "/redirect": user(async (_, session) => {
        await session.create({ userId: "u1" });
        return Response.redirect("/me");
      }),
      "/throw": user(async (_, session) => {
        await session.create({ userId: "u1" });
        throw new Error("thrown");
      }),
      "/update": user(async (_, session) => {
        await session.update({ visits: 1 });
        return new Response("ok");
      }),
      "/lines": user(() => new Response(lines())),
      "/file": user(() => new Response(Bun.file(file))),
    },
  });
  return { origin: server.url.origin, stop: () => server.stop(true) };
});

test("a WebSocket's upgrade has the session, and answers nothing", async () => {
  const manager = createSessionManager<UserData>(createMemorySessionStore());
  const server = Bun.serve({
    port: 0,
    fetch: withSession(manager, (request, session, server) => {
      const data = { userId: session.current?.data.userId ?? "nobody" };
      return server.upgrade(request, { data }) ? undefined : new Response("no WebSocket", { status: 400 });
    }),
    websocket: {
      data: {} as { userId: string },
      open: (socket) => void socket.send(socket.data.userId),
      message() {},
    },
  });
  const { id } = await manager.create({ userId: "u7" });
  const socket = new WebSocket(`ws://localhost:${server.port}/`, { headers: { cookie: `sid=${id}` } });
  const message = Promise.withResolvers<unknown>();
  socket.addEventListener("message", ({ data }) => message.resolve(data));
  socket.addEventListener("error", message.reject);
  expect(await message.promise).toBe("u7");
  socket.close();
  expect((await fetch(server.url)).status).toBe(400);
  await server.stop(true);
});
