import { expect, test } from "bun:test";
import { createRouter } from "./router.ts";
import { startServer } from "./server.test-kit.ts";

test("params are percent-decoded", async () => {
  using server = startServer(createRouter().get("/:kind/:name", (ctx) => ctx.json(ctx.params)));
  const response = await server.request("/caf%C3%A9/a%20b%2Fc+d");
  expect(await response.json()).toEqual({ kind: "café", name: "a b/c+d" });
});

test("params are empty where no route matched", async () => {
  using server = startServer(createRouter().notFound((ctx) => ctx.json(ctx.params, 404)));
  const response = await server.request("/none");
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({});
});

test("url and query are the request's, and the same object each time", async () => {
  const router = createRouter().get("/search", (ctx) => {
    const { url, query } = ctx;
    const kept = url === ctx.url && query === ctx.query;
    return ctx.json({ path: url.pathname, tags: query.getAll("tag"), none: query.get("none"), kept });
  });
  using server = startServer(router);
  const response = await server.request("/search?tag=a%20b&tag=%C3%A9");
  expect(await response.json()).toEqual({ path: "/search", tags: ["a b", "é"], none: null, kept: true });
});

test.each(["a b", "host:99999", "x/../y?z#"])(
  "a Host header of %j leaves the path readable",
  async (host) => {
    using server = startServer(createRouter().get("/x/:id", (ctx) => ctx.text(ctx.url.href)));
    const response = await server.request("/x/1?q=http://other/", { headers: { Host: host } });
    expect(await response.text()).toBe("http://localhost/x/1?q=http://other/");
  },
);

test("headers, body and the client's address are at hand", async () => {
  const router = createRouter().post("/echo", async (ctx) =>
    ctx.json({
      header: ctx.headers.get("x-one"),
      body: await ctx.request.json(),
      address: typeof ctx.server.requestIP(ctx.request)?.address,
    }),
  );
  using server = startServer(router);
  const response = await server.request("/echo", {
    method: "POST",
    headers: { "X-One": "1" },
    body: JSON.stringify({ name: "Ada" }),
  });
  expect(await response.json()).toEqual({ header: "1", body: { name: "Ada" }, address: "string" });
});

test("state is of one request alone", async () => {
  const router = createRouter().get("/", (ctx) => {
    const before = Object.keys(ctx.state);
    ctx.state.mark = true;
    return ctx.json(before);
  });
  using server = startServer(router);
  expect(await (await server.request("/")).json()).toEqual([]);
  expect(await (await server.request("/")).json()).toEqual([]);
});

test("the helpers work taken off the context", async () => {
  using server = startServer(
    createRouter().get("/", ({ text, params }) => text(Object.keys(params).join(), 203)),
  );
  expect((await server.request("/")).status).toBe(203);
});
