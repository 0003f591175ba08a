import { describe, expect, expectTypeOf, test } from "bun:test";
import { createSessionManager } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { Hono } from "hono";
import { serveStatic, upgradeWebSocket, websocket } from "hono/bun";
import { setCookie } from "hono/cookie";
import { stream } from "hono/streaming";
import { describePlugin, type UserData } from "../plugin.test-kit.ts";
import type { RequestSession } from "../request-session.ts";
import { cookieFrom } from "../visits.test-kit.ts";
import { sessions } from "./sessions.ts";

describePlugin("Hono", ({ users, admins, lines, file }) => {
  const main = sessions(users);
  const app = new Hono().use(main).use(sessions(admins, { as: "adminSession" }));
  app.onError((_error, c) => c.text("failed", 500));
  app.get("/login", async (c) => {
    await c.var.session.create({ userId: "u1" });
    return c.text("ok");
  });
  app.get("/admin", async (c) => {
    await c.var.adminSession.create({ adminId: "a1" });
    return c.text("ok");
  });
  app.get("/me", (c) =>
    c.json({ user: c.var.session.current?.data ?? null, admin: c.var.adminSession.current?.data ?? null }),
  );
  const nested = new Hono()
    .use(main)
    .get("/me", (c) => c.json({ user: c.var.session.current?.data ?? null }));
  app.route("/nested", nested);
  app.get("/several", async (c) => {
    setCookie(c, "a", "1");
    await c.var.session.create({ userId: "u1" });
    setCookie(c, "b", "2");
    return c.text("ok");
  });
  app.get("/redirect", async (c) => {
    await c.var.session.create({ userId: "u1" });
    return c.redirect("/me");
  });
  app.get("/throw", async (c) => {
    await c.var.session.create({ userId: "u1" });
    throw new Error("thrown");
  });
  app.get("/update", async (c) => {
    await c.var.session.update({ visits: 1 });
    return c.text("ok");
  });
  app.get("/lines", (c) =>
    stream(c, async (out) => {
      for await (const line of lines()) await out.write(line);
    }),
  );
  app.get("/file", serveStatic({ root: "/", path: file }));
  const server = Bun.serve({ port: 0, fetch: app.fetch });
  return { origin: server.url.origin, stop: () => server.stop(true) };
});

describe("Hono's own ways", () => {
  const manager = createSessionManager<UserData>(createMemorySessionStore());

  test("app.request sees the session's cookie, and sends it", async () => {
    const app = new Hono()
      .use(sessions(manager))
      .post("/login", async (c) => {
        await c.var.session.create({ userId: "u1" });
        return c.json({ ok: true });
      })
      .get("/me", (c) => c.json(c.var.session.current?.data ?? null));
    const login = await app.request("/login", { method: "POST" });
    const headers = { cookie: cookieFrom(login.headers.getSetCookie()) };
    expect(await (await app.request("/me", { headers })).json()).toEqual({ userId: "u1" });
  });

  test("c.var.session has the manager's type, by the name that was asked for", () => {
    new Hono()
      .use(sessions(manager))
      .use(sessions(manager, { as: "other" }))
      .get("/", (c) => {
        expectTypeOf(c.var.session).toEqualTypeOf<RequestSession<UserData>>();
        expectTypeOf(c.get("other").current?.data.visits).toEqualTypeOf<number | undefined>();
        return c.text("");
      });
  });

  test("a WebSocket's handler has the session", async () => {
    const app = new Hono().use(sessions(manager)).get(
      "/live",
      upgradeWebSocket((c) => {
        const userId: string | undefined = c.get("session").current?.data.userId;
        return { onOpen: (_event, socket) => socket.send(userId ?? "nobody") };
      }),
    );
    const server = Bun.serve({ port: 0, fetch: app.fetch, websocket });
    const { id } = await manager.create({ userId: "u7" });
    const socket = new WebSocket(`ws://localhost:${server.port}/live`, { headers: { cookie: `sid=${id}` } });
    const message = Promise.withResolvers<unknown>();
    socket.addEventListener("message", ({ data }) => message.resolve(data));
    socket.addEventListener("error", message.reject);
    expect(await message.promise).toBe("u7");
    socket.close();
    await server.stop(true);
  });
});
