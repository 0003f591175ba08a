import { describe, expect, test } from "bun:test";
import type { Handler, Middleware } from "./handler.ts";
import { createRouter } from "./router.ts";
import { asError, captureErrors, startServer } from "./server.test-kit.ts";

const method: Handler = (ctx) => ctx.text(ctx.request.method);

describe("routes", () => {
  test("answer by method and path", async () => {
    const router = createRouter()
      .get("/item", method)
      .post("/item", method)
      .put("/item", method)
      .patch("/item", method)
      .delete("/item", method)
      .options("/item", method);
    using server = startServer(router);
    for (const name of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const response = await server.request("/item", { method: name });
      expect([response.status, await response.text()]).toEqual([200, name]);
    }
  });

  test("are the most specific that match", async () => {
    const router = createRouter()
      .get("/*", (ctx) => ctx.text("rest"))
      .get("/users/:id", (ctx) => ctx.text(`user ${ctx.params.id}`))
      .get("/users/me", (ctx) => ctx.text("me"));
    using server = startServer(router);
    expect(await (await server.request("/users/me")).text()).toBe("me");
    expect(await (await server.request("/users/7")).text()).toBe("user 7");
    expect(await (await server.request("/users/7/posts")).text()).toBe("rest");
  });

  test("answer HEAD as GET, without the body", async () => {
    const seen: string[] = [];
    const router = createRouter()
      .get("/text", (ctx) => {
        seen.push(ctx.request.method);
        const response = ctx.text("12345", 203);
        response.headers.append("Set-Cookie", "a=1");
        return response;
      })
      .post("/post", method);
    using server = startServer(router);
    const response = await server.request("/text", { method: "HEAD" });
    expect(response.status).toBe(203);
    expect(response.headers.get("Content-Length")).toBe("5");
    expect(response.headers.getSetCookie()).toEqual(["a=1"]);
    expect(await response.text()).toBe("");
    expect(seen).toEqual(["HEAD"]);
    expect((await server.request("/post", { method: "HEAD" })).status).toBe(405);
  });

  test("are those of the moment of serve(); reload takes later ones", async () => {
    const router = createRouter().get("/one", method);
    using server = Bun.serve({ port: 0, ...router.serve() });
    router.get("/two", method);
    expect((await fetch(new URL("/two", server.url))).status).toBe(404);
    server.reload(router.serve());
    expect((await fetch(new URL("/two", server.url))).status).toBe(200);
    expect((await fetch(new URL("/one", server.url))).status).toBe(200);
  });
});

describe("a method without a route", () => {
  test("answers 405 with those that have one", async () => {
    const router = createRouter().get("/item", method).post("/item", method).delete("/other", method);
    using server = startServer(router);
    for (const name of ["PUT", "DELETE", "OPTIONS", "PROPFIND"]) {
      const response = await server.request("/item", { method: name });
      expect([name, response.status]).toEqual([name, 405]);
      expect(response.headers.get("Allow")).toBe("GET, HEAD, POST");
      expect(await response.json()).toEqual({ error: "Method not allowed" });
    }
    expect((await server.request("/other")).headers.get("Allow")).toBe("DELETE");
  });
});

describe("an unknown path", () => {
  test("answers 404, whatever the method", async () => {
    using server = startServer(createRouter().get("/item", method));
    for (const name of ["GET", "POST", "OPTIONS"]) {
      const response = await server.request("/none", { method: name });
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: "Not found" });
    }
    expect((await server.request("/item/")).status).toBe(404);
    expect(await (await server.request("/none", { method: "HEAD" })).text()).toBe("");
  });

  test("answers what notFound says, its errors included", async () => {
    using log = captureErrors();
    const router = createRouter().notFound((ctx) => {
      if (ctx.query.has("fail")) throw new Error("in notFound");
      return ctx.html("<h1>Nothing here</h1>", 404);
    });
    using server = startServer(router);
    const response = await server.request("/none");
    expect([response.status, await response.text()]).toEqual([404, "<h1>Nothing here</h1>"]);
    expect((await server.request("/none?fail")).status).toBe(500);
    expect(log.errors.map((error) => asError(error).message)).toEqual(["in notFound"]);
  });
});

test("404 and 405 pass the middleware of the router, not that of groups", async () => {
  const stamp =
    (name: string): Middleware =>
    async (ctx, next) => {
      if (ctx.request.method === "OPTIONS") return new Response(null, { status: 204 });
      const response = await next();
      response.headers.append("X-Passed", `${name} ${response.status}`);
      return response;
    };
  const router = createRouter()
    .use(stamp("root"))
    .group("/api", (api) => api.use(stamp("api")).get("/item", stamp("own"), method));
  using server = startServer(router);
  const passed = async (path: string, name = "GET") =>
    (await server.request(path, { method: name })).headers.get("X-Passed");
  expect(await passed("/api/item")).toBe("own 200, api 200, root 200");
  expect(await passed("/api/item", "PUT")).toBe("root 405");
  expect(await passed("/api/none")).toBe("root 404");
  expect((await server.request("/api/item", { method: "OPTIONS" })).status).toBe(204);
});

test("a response that was sent before is a bare 500, logged", async () => {
  using log = captureErrors();
  const shared = new Response("once");
  using server = startServer(createRouter().get("/", () => shared));
  expect(await (await server.request("/")).text()).toBe("once");
  const again = await server.request("/");
  expect(again.status).toBe(500);
  expect(await again.json()).toEqual({ error: "Internal server error" });
  expect(log.errors).toHaveLength(1);
});

describe("a WebSocket", () => {
  const statuses: number[] = [];
  const router = createRouter()
    .use(async (_ctx, next) => {
      const response = await next();
      response.headers.append("Set-Cookie", "a=1");
      statuses.push(response.status);
    })
    .get("/socket/:room", (ctx) => {
      ctx.server.upgrade(ctx.request, { data: ctx.params.room });
    });
  const websocket: Bun.WebSocketHandler<string> = {
    open(socket) {
      socket.send(`welcome to ${socket.data}`);
    },
    message() {},
  };

  test("opens where the handler upgraded and returned nothing", async () => {
    statuses.length = 0;
    using server = Bun.serve({ port: 0, ...router.serve(), websocket });
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const socket = new WebSocket(new URL("/socket/blue", server.url.href.replace("http", "ws")));
    socket.onmessage = (message) => resolve(message.data);
    socket.onerror = () => reject(new Error("The connection was refused."));
    expect(await promise).toBe("welcome to blue");
    socket.close();
    expect(statuses).toEqual([101]);
  });

  test("is an error where the request was no upgrade, or a broken one", async () => {
    using log = captureErrors();
    statuses.length = 0;
    using server = Bun.serve({ port: 0, ...router.serve(), websocket });
    const url = new URL("/socket/blue", server.url);
    expect((await fetch(url)).status).toBe(500);
    expect((await fetch(url, { headers: { Connection: "Upgrade", Upgrade: "websocket" } })).status).toBe(500);
    expect(statuses).toEqual([500, 500]);
    expect(log.errors.map((error) => asError(error).message)).toEqual(
      Array(2).fill("The handler of GET /socket/:room returned nothing in place of a Response."),
    );
  });
});
