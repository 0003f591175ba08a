import { describe, expect, test } from "bun:test";
import type { Context } from "./context.ts";
import type { Answer, Middleware, SplitMiddleware } from "./handler.ts";
import { createRouter, type Router } from "./router.ts";
import { asError, captureErrors, startServer } from "./server.test-kit.ts";

/** Fails where the router runs it whole. */
function split(halves: Partial<Pick<SplitMiddleware, "before" | "after">>): SplitMiddleware {
  function halved(): never {
    throw new Error("The middleware was run whole.");
  }
  return Object.assign(halved, {
    before: () => undefined,
    after: (_: Context, answer: Response) => answer,
    ...halves,
  });
}

/** What the route of "/" gives, without a server: a response, or a promise of one. */
function answerOf(router: Router): Response | Promise<Response> {
  const route = router.serve().routes["/"];
  if (route === undefined) throw new Error("There is no route.");
  const request = Object.assign(new Request("http://localhost/"), {
    params: {},
    cookies: new Bun.CookieMap(),
  });
  return route(request as Bun.BunRequest, { requestIP: () => null } as never);
}

const later =
  <Args extends unknown[], Value>(run: (...args: Args) => Value) =>
  async (...args: Args): Promise<Value> => {
    await Promise.resolve();
    return run(...args);
  };

describe("a middleware in two halves", () => {
  /** Notes in a header that it was there, after what is there already. */
  const sign = (name: string) => (_: Context, answer: Response) => {
    answer.headers.set("Signed", `${answer.headers.get("Signed") ?? ""}${name}`);
    return answer;
  };

  test("answers without a promise where nothing has to be waited for", () => {
    const router = createRouter().use(split({ after: sign("a") }), split({ after: sign("b") }));
    const answer = answerOf(router.get("/", (ctx) => ctx.text("ok")));
    expect(answer).toBeInstanceOf(Response);
    expect((answer as Response).headers.get("Signed")).toBe("ba");
  });

  test.each<[string, boolean, boolean, boolean, boolean]>([
    ["nothing", false, false, false, false],
    ["before", true, false, false, false],
    ["the handler", false, true, false, false],
    ["after", false, false, true, false],
    ["everything", true, true, true, true],
    ["another middleware", false, false, false, true],
  ])("runs in the same order where it waits for %s", async (_, before, handler, after, whole) => {
    const steps: string[] = [];
    const maybe = <Args extends unknown[], Value>(waits: boolean, run: (...args: Args) => Value) =>
      waits ? later(run) : run;
    const step = (name: string): SplitMiddleware =>
      split({
        before: maybe(before, () => void steps.push(`before ${name}`)) as SplitMiddleware["before"],
        after: maybe(after, (_ctx: Context, answer: Response) => {
          steps.push(`after ${name}`);
          return answer;
        }),
      });
    const between: Middleware = async (_ctx, next) => {
      steps.push("whole");
      await next();
    };
    const router = createRouter()
      .use(step("a"), ...(whole ? [between] : []), step("b"))
      .get("/", maybe(handler, (ctx: Context) => ctx.text("ok")) as () => Answer);
    expect(await (await answerOf(router)).text()).toBe("ok");
    expect(steps).toEqual(["before a", ...(whole ? ["whole"] : []), "before b", "after b", "after a"]);
  });

  test("added again further in runs whole there, so that the outer one has the answer that is sent", async () => {
    const steps: string[] = [];
    const halved: Middleware = async (_ctx, next) => {
      steps.push("whole");
      await next();
    };
    const both = Object.assign(halved, {
      before: () => void steps.push("before"),
      after: (_: Context, answer: Response) => {
        steps.push(`after ${answer.status}`);
        return answer;
      },
    }) as SplitMiddleware;
    const early: Middleware = (ctx, next) => {
      void next();
      return ctx.text("too late", 504);
    };
    const router = createRouter()
      .use(both, early, both)
      .get("/", later((ctx: Context) => ctx.text("ok")) as () => Answer);
    expect((await answerOf(router)).status).toBe(504);
    expect(steps).toEqual(["before", "whole", "after 504"]);
  });

  test("is one only where both halves are functions", async () => {
    const plain: Middleware = async (_ctx, next) => {
      await next();
    };
    const router = createRouter()
      .use(Object.assign(plain, { before: ["lint"], after: ["build"] }))
      .get("/", (ctx) => ctx.text("ok"));
    expect(await (await answerOf(router)).text()).toBe("ok");
  });

  test.each([false, true])("is the answer with what before gives, later or not (%p)", async (waits) => {
    const stop = (ctx: Context) => ctx.text("stopped", 403);
    const seen: string[] = [];
    const note = (name: string) => (_: Context, answer: Response) => {
      seen.push(name);
      return answer;
    };
    const router = createRouter()
      .use(
        split({ after: note("outer") }),
        split({ before: waits ? later(stop) : stop, after: note("inner") }),
      )
      .get("/", () => {
        throw new Error("The handler has been reached.");
      });
    using server = startServer(router);
    const answer = await server.request("/");
    expect([answer.status, await answer.text()]).toEqual([403, "stopped"]);
    expect(seen).toEqual(["outer"]);
  });

  test.each<[string, boolean, Partial<SplitMiddleware>]>([
    ["before", false, { before: () => Promise.reject(new Error("thrown")) }],
    ["before, at once", false, { before: () => thrown() }],
    ["after", true, { after: () => Promise.reject(new Error("thrown")) }],
    ["after, at once", true, { after: () => thrown() }],
    ["after, of what came later", true, { before: later(() => undefined), after: () => thrown() }],
  ])("has what %s throws made a response, for the middleware further out", async (_, reached, halves) => {
    let handled = false;
    const seen: unknown[] = [];
    const outer = split({
      after(ctx, answer) {
        seen.push(answer.status, asError(ctx.error).message);
        return sign("outer")(ctx, answer);
      },
    });
    const router = createRouter()
      .use(outer, split(halves))
      .onError((error, ctx) => ctx.text(asError(error).message, 500))
      .get("/", (ctx) => {
        handled = true;
        return ctx.text("ok");
      });
    const answer = await answerOf(router);
    expect([answer.status, await answer.text(), answer.headers.get("Signed")]).toEqual([
      500,
      "thrown",
      "outer",
    ]);
    expect([seen, handled]).toEqual([[500, "thrown"], reached]);
  });

  test("sees what the handler throws as a response, with the error in the context", async () => {
    const seen: unknown[] = [];
    const router = createRouter()
      .use(
        split({
          after(ctx, answer) {
            seen.push(answer.status, asError(ctx.error).message);
            return answer;
          },
        }),
      )
      .onError((_, ctx) => ctx.text("failed", 422))
      .get("/", () => thrown());
    expect((await answerOf(router)).status).toBe(422);
    expect(seen).toEqual([422, "thrown"]);
  });

  test.each<[string, Partial<SplitMiddleware>]>([
    ["before", { before: () => "text" as never }],
    ["before, later", { before: later(() => "text" as never) }],
    ["after", { after: () => "text" as never }],
    ["after, later", { after: later(() => "text" as never) }],
  ])("is named where %s gives something else than a response", async (_, halves) => {
    using log = captureErrors();
    const router = createRouter()
      .use(split(halves))
      .get("/", (ctx) => ctx.text("ok"));
    expect((await answerOf(router)).status).toBe(500);
    expect(log.errors.map((error) => asError(error).message)).toEqual([
      "The middleware halved of GET / returned a value of type string in place of a Response.",
    ]);
  });
});

function thrown(): never {
  throw new Error("thrown");
}
