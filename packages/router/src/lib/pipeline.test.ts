import { describe, expect, test } from "bun:test";
import type { Middleware } from "./handler.ts";
import { createRouter } from "./router.ts";
import { asError, captureErrors, startServer } from "./server.test-kit.ts";

/** Sets two cookies and a header on whatever comes from further in. */
const cookies: Middleware = async (_ctx, next) => {
  const response = await next();
  response.headers.append("Set-Cookie", "a=1");
  response.headers.append("Set-Cookie", "b=2");
};

describe("what a middleware returns", () => {
  test("nothing leaves the response, awaited or not", async () => {
    const router = createRouter()
      .get(
        "/awaited",
        async (_ctx, next) => {
          await next();
        },
        (ctx) => ctx.text("from within"),
      )
      .get(
        "/not-awaited",
        (_ctx, next) => {
          void next();
        },
        async (ctx) => ctx.json(await ctx.request.text()),
      );
    using server = startServer(router);
    expect(await (await server.request("/awaited")).text()).toBe("from within");
    expect(await (await server.request("/not-awaited")).json()).toBe("");
  });

  test("takes the place of the response, or comes without one", async () => {
    let handled = 0;
    const router = createRouter()
      .use(async (ctx, next) => {
        if (ctx.query.has("stop")) return ctx.text("stopped", 403);
        const response = await next();
        return ctx.text(`${await response.text()}, wrapped`, 203);
      })
      .get("/", (ctx) => {
        handled += 1;
        return ctx.text("handled");
      });
    using server = startServer(router);
    const wrapped = await server.request("/");
    expect([wrapped.status, await wrapped.text()]).toEqual([203, "handled, wrapped"]);
    const stopped = await server.request("/?stop");
    expect([stopped.status, await stopped.text()]).toEqual([403, "stopped"]);
    expect(handled).toBe(1);
  });

  test("keeps every Set-Cookie, those on redirects and foreign responses included", async () => {
    const router = createRouter()
      .use(cookies)
      .get("/json", (ctx) => {
        const response = ctx.json({});
        response.headers.append("Set-Cookie", "c=3");
        return response;
      })
      .get("/redirect", (ctx) => ctx.redirect("/json"))
      .get("/own-redirect", () => Response.redirect("http://localhost/", 303))
      .get("/fetched", (ctx) => fetch(new URL("/json", ctx.url)));
    using server = startServer(router);
    expect((await server.request("/json")).headers.getSetCookie()).toEqual(["c=3", "a=1", "b=2"]);
    expect((await server.request("/redirect")).headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect((await server.request("/own-redirect")).headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect((await server.request("/fetched")).headers.getSetCookie()).toHaveLength(5);
  });
});

describe("an error", () => {
  test("in a handler is logged, not shown, and keeps the headers from further out", async () => {
    using log = captureErrors();
    const secret = new Error("password=hunter2");
    const router = createRouter()
      .use(cookies)
      .get("/thrown", () => {
        throw secret;
      })
      .get("/rejected", () => Promise.reject(secret));
    using server = startServer(router);
    for (const path of ["/thrown", "/rejected"]) {
      const response = await server.request(path);
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({ error: "Internal server error" });
      expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    }
    expect(log.errors).toEqual([secret, secret]);
  });

  test("in a middleware, before or after next(), stays with it", async () => {
    using log = captureErrors();
    const failing: Middleware = async (ctx, next) => {
      if (ctx.query.has("before")) throw new Error("before");
      await next();
      throw new Error("after");
    };
    let handled = 0;
    const router = createRouter()
      .use(cookies)
      .get("/", failing, (ctx) => {
        handled += 1;
        return ctx.text("ok");
      });
    using server = startServer(router);
    const before = await server.request("/?before");
    expect([before.status, before.headers.getSetCookie().length, handled]).toEqual([500, 2, 0]);
    const after = await server.request("/");
    expect([after.status, after.headers.getSetCookie().length, handled]).toEqual([500, 2, 1]);
    expect(log.errors.map((error) => asError(error).message)).toEqual(["before", "after"]);
  });

  test("is in ctx.error for the middleware further out, and next() does not reject", async () => {
    const seen: unknown[] = [];
    const failure = new Error("no such user");
    const router = createRouter()
      .onError((error, ctx) => ctx.json({ error: asError(error).message }, 422))
      .use(async (ctx, next) => {
        seen.push(ctx.error);
        const { status } = await next();
        seen.push(ctx.error, status);
      })
      .get("/", () => {
        throw failure;
      });
    using server = startServer(router);
    const response = await server.request("/");
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({ error: "no such user" });
    expect(seen).toEqual([undefined, failure, 422]);
  });

  test("in onError gives the bare 500, with both errors logged", async () => {
    using log = captureErrors();
    const first = new Error("first");
    const second = new Error("second");
    const router = createRouter()
      .use(cookies)
      .onError(() => {
        throw second;
      })
      .get("/", () => {
        throw first;
      });
    using server = startServer(router);
    const response = await server.request("/");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: "Internal server error" });
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(log.errors).toEqual([first, second]);
  });

  test("thrown on by onError is logged once", async () => {
    using log = captureErrors();
    const router = createRouter()
      .onError((error) => Promise.reject(error))
      .get("/", () => {
        throw new Error("only");
      });
    using server = startServer(router);
    expect((await server.request("/")).status).toBe(500);
    expect(log.errors).toHaveLength(1);
  });
});
