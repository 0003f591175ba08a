import { describe, expect, test } from "bun:test";
import type { Handler, Middleware, Next } from "./handler.ts";
import { createRouter } from "./router.ts";
import { asError, captureErrors, startServer } from "./server.test-kit.ts";

describe("a mistake is named", () => {
  const messageOf = async (middleware: Middleware[], handler: unknown): Promise<string> => {
    const messages: string[] = [];
    const router = createRouter()
      .use(...middleware)
      .onError((error, ctx) => {
        messages.push(asError(error).message);
        return ctx.text("", 500);
      })
      .get("/x", handler as Handler);
    using server = startServer(router);
    expect((await server.request("/x")).status).toBe(500);
    return messages.join("\n");
  };
  const fine: Middleware = (ctx) => ctx.text("ok");

  test("next() called twice", async () => {
    async function twice(_ctx: unknown, next: Next): Promise<void> {
      await next();
      await next();
    }
    expect(await messageOf([twice], fine)).toBe("The middleware twice of GET /x called next() twice.");
  });

  test("a middleware that neither answers nor goes on", async () => {
    function stuck(): void {}
    const message = await messageOf([stuck], fine);
    expect(message).toStartWith(
      "The middleware stuck of GET /x neither returned a response nor called next()",
    );
    expect(await messageOf([async () => {}], fine)).toStartWith("A middleware of GET /x neither");
  });

  test("a handler or middleware that returns something else", async () => {
    expect(await messageOf([], () => {})).toBe(
      "The handler of GET /x returned nothing in place of a Response.",
    );
    expect(await messageOf([], async () => ({ ok: true }))).toContain("returned a value of type object");
    function odd(): unknown {
      return "text";
    }
    expect(await messageOf([odd as Middleware], fine)).toContain(
      "The middleware odd of GET /x returned a value of type string",
    );
  });

  test("an onError that returns nothing", async () => {
    using log = captureErrors();
    const router = createRouter()
      .onError((() => undefined) as never)
      .get("/", () => {
        throw new Error("first");
      });
    using server = startServer(router);
    expect((await server.request("/")).status).toBe(500);
    expect(log.errors.map((error) => asError(error).message)).toEqual([
      "first",
      "onError returned nothing in place of a Response.",
    ]);
  });
});
