import { describe, expect, expectTypeOf, test } from "bun:test";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createSessionManager } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import express, { Router } from "express";
import request from "supertest";
import { describePlugin, type UserData } from "../plugin.test-kit.ts";
import type { RequestSession } from "../request-session.ts";
import type { SessionOf } from "../session-of.ts";
import { sessions } from "./sessions.ts";

describePlugin("Express", async ({ users, admins, lines, file }) => {
  const session = sessions(users);
  const admin = sessions(admins, { as: "adminSession" });
  const app = express().use(session, admin);
  app.get("/login", async (req, res) => {
    await session.of(req).create({ userId: "u1" });
    res.send("ok");
  });
  app.get("/admin", async (req, res) => {
    await admin.of(req).create({ adminId: "a1" });
    res.send("ok");
  });
  app.get("/me", (req, res) => {
    res.json({ user: session.of(req).current?.data ?? null, admin: admin.of(req).current?.data ?? null });
  });
  const nested = Router().use(session);
  nested.get("/me", (req, res) => {
    res.json({ user: session.of(req).current?.data ?? null });
  });
  app.use("/nested", nested);
  app.get("/several", async (req, res) => {
    res.cookie("a", "1");
    await session.of(req).create({ userId: "u1" });
    res.cookie("b", "2").send("ok");
  });
  app.get("/redirect", async (req, res) => {
    await session.of(req).create({ userId: "u1" });
    res.redirect("/me");
  });
  app.get("/throw", async (req) => {
    await session.of(req).create({ userId: "u1" });
    throw new Error("thrown");
  });
  app.get("/update", async (req, res) => {
    await session.of(req).update({ visits: 1 });
    res.send("ok");
  });
  app.get("/lines", async (_req, res) => {
    for await (const line of lines()) res.write(line);
    res.end();
  });
  app.get("/file", (_req, res) => res.sendFile(file));
  app.use(
    session.errorHandler,
    (_error: unknown, _req: express.Request, res: express.Response, _next: unknown) => {
      res.status(500).send("failed");
    },
  );
  const server = app.listen(0);
  await once(server, "listening");
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
});

describe("Express's own ways", () => {
  const manager = createSessionManager<UserData>(createMemorySessionStore());
  const session = sessions(manager);

  test("supertest's agent stays signed in", async () => {
    const app = express().use(sessions(manager, { secure: false }));
    app.post("/login", async (req, res) => {
      const { session } = req as unknown as { session: RequestSession<UserData> };
      await session.create({ userId: "u1" });
      res.json({ ok: true });
    });
    app.get("/me", (req, res) => {
      res.json((req as unknown as { session: RequestSession<UserData> }).session.current?.data ?? null);
    });
    const agent = request.agent(app);
    await agent.post("/login").expect(200, { ok: true });
    await agent.get("/me").expect(200, { userId: "u1" });
  });

  test("of(req) and SessionOf have the manager's type", () => {
    expectTypeOf(session.of).returns.toEqualTypeOf<RequestSession<UserData>>();
    expectTypeOf<SessionOf<typeof manager>>().toEqualTypeOf<RequestSession<UserData>>();
    expect(() => session.of({})).toThrow("app.use()");
  });

  test("Secure goes by the application's trust in its proxy, and by the connection", async () => {
    const app = express().use(sessions(manager, { secure: "auto" }));
    app.get("/", async (req, res) => {
      await (req as unknown as { session: RequestSession<UserData> }).session.create({ userId: "u1" });
      res.send("ok");
    });
    const cookieOf = async (trusted: boolean): Promise<string> => {
      app.set("trust proxy", trusted);
      const { headers } = await request(app).get("/").set("X-Forwarded-Proto", "https");
      return String(headers["set-cookie"]);
    };
    expect(await cookieOf(false)).not.toContain("Secure");
    expect(await cookieOf(true)).toContain("Secure");
  });
});
