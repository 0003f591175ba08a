import { describe, expect, test } from "bun:test";
import type { Handler, Middleware } from "./handler.ts";
import { createRouter } from "./router.ts";
import { startServer } from "./server.test-kit.ts";

/** Notes its name on the way in and, after the handler, on the way out. */
const noting =
  (name: string): Middleware =>
  async (ctx, next) => {
    ctx.state.trail = [...((ctx.state.trail as string[] | undefined) ?? []), name];
    const response = await next();
    response.headers.append("X-Out", name);
  };

const trail: Handler = (ctx) => ctx.json(ctx.state.trail ?? []);

async function passed(response: Response): Promise<{ in: unknown; out: string | null }> {
  return { in: await response.json(), out: response.headers.get("X-Out") };
}

describe("middleware", () => {
  test("runs from the router inwards, in the order of adding, and back", async () => {
    const router = createRouter()
      .use(noting("root 1"), noting("root 2"))
      .group("/api", (api) => {
        api.use(noting("api"));
        api.group("/v1", (v1) => {
          v1.use(noting("v1")).get("/items", noting("own 1"), noting("own 2"), trail);
        });
      });
    using server = startServer(router);
    expect(await passed(await server.request("/api/v1/items"))).toEqual({
      in: ["root 1", "root 2", "api", "v1", "own 1", "own 2"],
      out: "own 2, own 1, v1, api, root 2, root 1",
    });
  });

  test("added after a route runs for it too", async () => {
    const router = createRouter()
      .get("/early", trail)
      .group("/group", (group) => group.get("/early", trail).use(noting("group")))
      .use(noting("late"));
    using server = startServer(router);
    expect((await passed(await server.request("/early"))).in).toEqual(["late"]);
    expect((await passed(await server.request("/group/early"))).in).toEqual(["late", "group"]);
  });

  test("of a group or a route runs for no other", async () => {
    const router = createRouter()
      .group("/a", (a) => a.use(noting("a")).get("/x", noting("x"), trail).get("/y", trail))
      .group("/b", (b) => b.get("/x", trail));
    using server = startServer(router);
    expect((await passed(await server.request("/a/x"))).in).toEqual(["a", "x"]);
    expect((await passed(await server.request("/a/y"))).in).toEqual(["a"]);
    expect((await passed(await server.request("/b/x"))).in).toEqual([]);
  });
});

describe("groups", () => {
  test("put their prefixes before the path, parameters included", async () => {
    const router = createRouter().group("/users/:id", (user) => {
      user.get("/", (ctx) => ctx.json({ user: ctx.params.id ?? null }));
      user.group("/posts", (posts) => posts.get("/:post", (ctx) => ctx.json(ctx.params)));
    });
    using server = startServer(router);
    expect(await (await server.request("/users/7")).json()).toEqual({ user: "7" });
    expect(await (await server.request("/users/7/posts/9")).json()).toEqual({ id: "7", post: "9" });
    expect((await server.request("/users/7/")).status).toBe(404);
  });

  test('under "/" only share middleware', async () => {
    const router = createRouter()
      .group("/", (group) => group.use(noting("in")).get("/one", trail))
      .get("/two", trail);
    using server = startServer(router);
    expect((await passed(await server.request("/one"))).in).toEqual(["in"]);
    expect((await passed(await server.request("/two"))).in).toEqual([]);
  });

  test("may hold different methods of one path, each with its middleware", async () => {
    const router = createRouter()
      .get("/items", trail)
      .group("/items", (items) => items.use(noting("writing")).post("/", trail));
    using server = startServer(router);
    expect((await passed(await server.request("/items"))).in).toEqual([]);
    expect((await passed(await server.request("/items", { method: "POST" }))).in).toEqual(["writing"]);
  });
});

describe("registration refuses", () => {
  const handler: Handler = (ctx) => ctx.text("ok");

  test("the same method and path twice, from a group too", () => {
    const router = createRouter().get("/api/items", handler);
    expect(() => router.get("/api/items", handler)).toThrow("There is a route for GET /api/items already.");
    expect(() => router.group("/api", (api) => api.get("/items", handler))).toThrow("GET /api/items already");
    expect(() => router.post("/api/items", handler)).not.toThrow();
  });

  test("paths that differ only in the names of their parameters", () => {
    const router = createRouter().get("/users/:id", handler);
    expect(() => router.delete("/users/:name", handler)).toThrow("/users/:id and /users/:name");
    expect(() => router.get("/users/me", handler)).not.toThrow();
  });

  test("a path or prefix without its slash", () => {
    expect(() => createRouter().get("users", handler)).toThrow('"users" does not start with "/"');
    expect(() => createRouter().group("api", () => {})).toThrow('"api" does not start with "/"');
  });

  test("a route without a handler, and what is no function", () => {
    const router = createRouter();
    const untyped = router as unknown as Record<"get" | "use", (...values: unknown[]) => void>;
    expect(() => untyped.get("/x")).toThrow("The route GET /x has no handler.");
    expect(() => untyped.get("/x", undefined)).toThrow("GET /x has no handler");
    expect(() => untyped.get("/x", undefined, handler)).toThrow(
      "The route GET /x takes functions, not undefined.",
    );
    expect(() => untyped.use({})).toThrow("use() takes functions, not object.");
  });
});
