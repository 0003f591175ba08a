import { afterEach, describe, expect, test } from "bun:test";
import { type Context, createRouter, type Router } from "@ventostack/router";
import { type Browser, createBrowser, gate } from "@ventostack/testing";
import {
  createMemorySessionStore,
  createSessionManager,
  createSessionMiddleware,
  type SessionMiddleware,
} from "../index.ts";

const servers: Bun.Server<unknown>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true);
});

/** A browser at a server with the session middleware and these routes. */
function visit(routes: (router: Router, sessions: SessionMiddleware) => void): Browser & { origin: string } {
  const manager = createSessionManager(createMemorySessionStore());
  const sessions = createSessionMiddleware(manager, { secure: "auto" });
  const router = createRouter().use(sessions);
  router.post("/login", async (ctx) => {
    await sessions.of(ctx).create({ userId: "u1" });
    return ctx.json({ ok: true });
  });
  router.get("/me", (ctx) => ctx.json(sessions.of(ctx).current?.data ?? null));
  routes(router, sessions);
  const server = Bun.serve({ port: 0, ...router.onError((_, ctx) => ctx.text("failed", 500)).serve() });
  servers.push(server);
  return { ...createBrowser(server.url.origin), origin: server.url.origin };
}

const whoami = async (person: Browser): Promise<unknown> => (await person.fetch("/me")).json();

describe("over HTTP", () => {
  test("a redirect after a log-in carries the cookie, and the session is there when it is followed", async () => {
    const person = visit((router, sessions) => {
      router.post("/enter", async (ctx) => {
        await sessions.of(ctx).create({ userId: "u1" });
        return ctx.redirect("/me", 303);
      });
    });
    const response = await person.send("POST", "/enter");
    expect([response.status, response.headers.get("location")]).toEqual([303, "/me"]);
    expect(await whoami(person)).toEqual({ userId: "u1" });
  });

  test("Response.redirect, whose headers the standard makes immutable, carries it too", async () => {
    const person = visit((router, sessions) => {
      router.post("/enter", async (ctx) => {
        await sessions.of(ctx).create({ userId: "u1" });
        return Response.redirect(new URL("/me", ctx.url).href, 303);
      });
    });
    expect((await person.send("POST", "/enter")).status).toBe(303);
    expect(await whoami(person)).toEqual({ userId: "u1" });
  });

  test("a handler that throws after a log-in, a regenerate or a log-out leaves browser and store in step", async () => {
    const person = visit((router, sessions) => {
      const failing = (path: string, act: (ctx: Context) => Promise<unknown>) =>
        router.post(path, async (ctx) => {
          await act(ctx);
          throw new Error("after the work");
        });
      failing("/enter", (ctx) => sessions.of(ctx).create({ userId: "u1" }));
      failing("/rise", (ctx) => sessions.of(ctx).regenerate({ role: "admin" }));
      failing("/leave", (ctx) => sessions.of(ctx).destroy());
    });
    const entered = await person.send("POST", "/enter");
    expect([entered.status, await entered.text()]).toEqual([500, "failed"]);
    expect(await whoami(person)).toEqual({ userId: "u1" });
    const before = await person.cookie("sid");
    expect((await person.send("POST", "/rise")).status).toBe(500);
    expect(await person.cookie("sid")).not.toBe(before);
    expect(await whoami(person)).toEqual({ userId: "u1", role: "admin" });
    expect((await person.send("POST", "/leave")).status).toBe(500);
    expect(await person.cookie("sid")).toBeUndefined();
    expect(await whoami(person)).toBeNull();
  });

  test("a handler that throws and did nothing to the session changes nothing", async () => {
    const person = visit((router) => {
      router.get("/fail", () => {
        throw new Error("of its own");
      });
    });
    await person.send("POST", "/login");
    const response = await person.fetch("/fail");
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []]);
    expect(await whoami(person)).toEqual({ userId: "u1" });
  });

  test("other Set-Cookie headers are kept, each on its own (CVE-2026-54287, CVE-2025-7339)", async () => {
    const person = visit((router, sessions) => {
      router.post("/enter", async (ctx) => {
        await sessions.of(ctx).create({ userId: "u1" });
        const response = ctx.json({ ok: true });
        response.headers.append("Set-Cookie", "theme=dark; Path=/; Expires=Wed, 01 Jan 2031 00:00:00 GMT");
        response.headers.append("Set-Cookie", "lang=de; Path=/");
        return response;
      });
    });
    const response = await person.send("POST", "/enter");
    expect(response.headers.getSetCookie().map((header) => header.slice(0, header.indexOf("=")))).toEqual([
      "theme",
      "lang",
      "sid",
    ]);
    expect([await person.cookie("theme"), await person.cookie("lang")]).toEqual(["dark", "de"]);
    expect(await whoami(person)).toEqual({ userId: "u1" });
  });

  test("one response object handed to several people carries nobody's cookie to another (CVE-2023-30861)", async () => {
    const shared = new Response(null, { status: 204 });
    const person = visit((router, sessions) => {
      router.post("/enter", async (ctx) => {
        await sessions.of(ctx).create({ userId: "u1" });
        return shared;
      });
      router.get("/shared", () => shared);
    });
    expect((await person.send("POST", "/enter")).headers.getSetCookie().length).toBe(1);
    const stranger = createBrowser(person.origin);
    const response = await stranger.fetch("/shared");
    expect([response.status, response.headers.getSetCookie()]).toEqual([204, []]);
  });

  test("the write is in the store before the answer leaves", async () => {
    const gated = gate(createMemorySessionStore());
    const sessions = createSessionMiddleware(createSessionManager(gated.store), { secure: "auto" });
    const router = createRouter().use(sessions);
    router.post("/login", async (ctx) => {
      await sessions.of(ctx).create({ userId: "u1" });
      return ctx.json({ ok: true });
    });
    const server = Bun.serve({ port: 0, ...router.serve() });
    servers.push(server);
    const held = gated.holdBefore("insert");
    let answered = false;
    const login = fetch(new URL("/login", server.url), { method: "POST" }).then((response) => {
      answered = true;
      return response;
    });
    await held.reached;
    // Another request goes all the way round meanwhile: an answer that did not wait would have come by then.
    await fetch(new URL("/nowhere", server.url));
    expect(answered).toBe(false);
    held.release();
    expect((await login).headers.getSetCookie().length).toBe(1);
  });

  test("a store that fails after a new id was given signs nobody out, and leaves no session behind", async () => {
    const memory = createMemorySessionStore();
    let isDown = false;
    const replace: typeof memory.replace = (...args) => {
      if (isDown) throw new Error("down");
      return memory.replace(...args);
    };
    const manager = createSessionManager({ ...memory, replace });
    const sessions = createSessionMiddleware(manager, { secure: "auto" });
    const router = createRouter().use(sessions);
    router.post("/login", async (ctx) => ctx.json(await sessions.of(ctx).create({ userId: "u1" })));
    router.get("/me", (ctx) => ctx.json(sessions.of(ctx).current?.data ?? null));
    router.post("/rise", async (ctx) => {
      await sessions.of(ctx).regenerate({ role: "admin" });
      isDown = true;
      await sessions.of(ctx).update({ at: 1 });
      return ctx.json({ ok: true });
    });
    const server = Bun.serve({ port: 0, ...router.onError((_, ctx) => ctx.text("failed", 500)).serve() });
    servers.push(server);
    const person = createBrowser(server.url.origin);
    await person.send("POST", "/login");
    expect((await person.send("POST", "/rise")).status).toBe(503);
    expect(await whoami(person)).toEqual({ userId: "u1", role: "admin" });
    expect((await manager.listByUser("u1")).length).toBe(1);
  });

  test("a browser with a cookie of another path from before is signed in everywhere once that is removed", async () => {
    const person = visit((router, sessions) => {
      router.post("/auth/login", async (ctx) => {
        await sessions.of(ctx).create({ userId: "u1" });
        const response = ctx.json({ ok: true });
        response.headers.append("Set-Cookie", "sid=; Path=/auth; Max-Age=0");
        return response;
      });
      router.get("/auth/me", (ctx) => ctx.json(sessions.of(ctx).current?.data ?? null));
    });
    const old = `sid=${"i".repeat(42)}A; Path=/auth; Max-Age=3600`;
    await person.jar.setCookie(old, `${person.origin}/auth/login`);
    await person.send("POST", "/auth/login");
    expect(await whoami(person)).toEqual({ userId: "u1" });
    expect(await (await person.fetch("/auth/me")).json()).toEqual({ userId: "u1" });
  });
});
