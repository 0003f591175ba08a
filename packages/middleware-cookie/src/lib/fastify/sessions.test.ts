import { describe, expect, expectTypeOf, test } from "bun:test";
import { createReadStream } from "node:fs";
import { connect } from "node:http2";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createSessionManager } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import fastify, { type FastifyRequest } from "fastify";
import { type AdminData, describePlugin, type UserData } from "../plugin.test-kit.ts";
import type { RequestSession } from "../request-session.ts";
import { cookieFrom } from "../visits.test-kit.ts";
import { sessions } from "./sessions.ts";

const sessionOf = (request: FastifyRequest) => request.getDecorator<RequestSession<UserData>>("session");

describePlugin("Fastify", async ({ users, admins, lines, file }) => {
  const app = fastify();
  void app.register(sessions, { manager: users });
  void app.register(sessions, { manager: admins, as: "adminSession" });
  const adminOf = (request: FastifyRequest) =>
    request.getDecorator<RequestSession<AdminData>>("adminSession");
  app.get("/login", async (request) => {
    await sessionOf(request).create({ userId: "u1" });
    return "ok";
  });
  app.get("/admin", async (request) => {
    await adminOf(request).create({ adminId: "a1" });
    return "ok";
  });
  app.get("/me", async (request) => ({
    user: sessionOf(request).current?.data ?? null,
    admin: adminOf(request).current?.data ?? null,
  }));
  void app.register(
    (nested, _options, done) => {
      nested.get("/me", async (request) => ({ user: sessionOf(request).current?.data ?? null }));
      done();
    },
    { prefix: "/nested" },
  );
  app.get("/several", async (request, reply) => {
    void reply.header("set-cookie", "a=1");
    await sessionOf(request).create({ userId: "u1" });
    return reply.header("set-cookie", "b=2").send("ok");
  });
  app.get("/redirect", async (request, reply) => {
    await sessionOf(request).create({ userId: "u1" });
    return reply.redirect("/me");
  });
  app.get("/throw", async (request) => {
    await sessionOf(request).create({ userId: "u1" });
    throw new Error("thrown");
  });
  app.get("/update", async (request) => {
    await sessionOf(request).update({ visits: 1 });
    return "ok";
  });
  app.get("/lines", (_request, reply) => reply.send(Readable.from(lines())));
  app.get("/file", (_request, reply) => reply.send(createReadStream(file)));
  const origin = await app.listen({ port: 0 });
  return { origin, stop: () => app.close() };
});

describe("Fastify's own ways", () => {
  const manager = createSessionManager<UserData>(createMemorySessionStore());

  test("inject sees the session's cookie, and sends it", async () => {
    const app = fastify();
    void app.register(sessions, { manager });
    app.post("/login", async (request) => {
      await sessionOf(request).create({ userId: "u1" });
      return { ok: true };
    });
    app.get("/me", async (request) => sessionOf(request).current?.data ?? null);
    const login = await app.inject({ method: "POST", url: "/login" });
    const cookie = cookieFrom([login.headers["set-cookie"] ?? []].flat());
    const me = await app.inject({ url: "/me", headers: { cookie } });
    expect(me.json()).toEqual({ userId: "u1" });
    await app.close();
  });

  test("a declared request.session has the manager's type", () => {
    expectTypeOf(sessionOf).returns.toEqualTypeOf<RequestSession<UserData>>();
  });

  test("an option that makes no sense fails where the app gets ready", async () => {
    const app = fastify();
    void app.register(sessions, { manager, sameSite: "None", secure: false });
    await expect(app.ready().then(() => "ready")).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("[SEC-15] by HTTP/2 a page's own site is told by `:authority`, and not by the path", async () => {
    const app = fastify({ http2: true });
    void app.register(sessions, { manager });
    app.post("/*", async () => "ok");
    await app.listen();
    const { port } = app.server.address() as AddressInfo;
    const client = connect(`http://localhost:${port}`);
    const statusOf = (path: string, origin: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const request = client.request({ ":method": "POST", ":path": path, origin });
        request.on("response", (headers) => resolve(headers[":status"])).on("error", reject);
        request.end();
      });
    expect([
      await statusOf("/transfer", `http://localhost:${port}`),
      await statusOf("/evil.example/transfer", "http://evil.example"),
    ]).toEqual([200, 403]);
    client.destroy();
    await app.close();
  });

  test("hooks and decoration stay within the app that registers the plugin", async () => {
    const app = fastify();
    void app.register((inner, _options, done) => {
      void inner.register(sessions, { manager });
      inner.get("/in", async (request) => ({ has: "session" in request }));
      done();
    });
    app.get("/out", async (request) => ({ has: "session" in request }));
    expect((await app.inject("/in")).json()).toEqual({ has: true });
    const outside = await app.inject("/out");
    expect([outside.json(), outside.headers.vary]).toEqual([{ has: false }, undefined]);
    await app.close();
  });
});
