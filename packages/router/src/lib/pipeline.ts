import type { Context } from "./context.ts";
import { internalError } from "./default-answers.ts";
import type { Answer, ErrorHandler, Handler, Middleware, Next, SplitMiddleware } from "./handler.ts";

/** Middleware and handler as one. Answers at once where they do. Neither throws nor rejects. */
export type Pipeline = (ctx: Context) => Response | Promise<Response>;

/**
 * The middleware around the handler, outermost first. `name` is what messages call it, such as `GET /users`.
 *
 * Whatever one of them throws becomes a response right there, so that it passes the middleware further out as any other
 * response does and takes their headers along.
 */
export function createPipeline(
  name: string,
  middleware: readonly Middleware[],
  handler: Handler,
  onError: ErrorHandler,
): Pipeline {
  return middleware.reduceRight<Pipeline>(
    (inner, step, index) =>
      // Added again further in, its halves could not tell whose they are.
      isSplit(step) && middleware.indexOf(step) === index
        ? surroundSplit(name, step, inner, onError)
        : surround(name, step, inner, onError),
    innermost(name, handler, onError),
  );
}

function innermost(name: string, handler: Handler, onError: ErrorHandler): Pipeline {
  const subject = `The handler of ${name}`;

  function answered(response: Awaited<Answer>, ctx: Context): Response {
    // For middleware to look at, so that next() gives a response always; Bun sends nothing of it.
    if (response === undefined && isUpgraded(ctx)) return new Response(null, { status: 101 });
    return checked(response, subject);
  }

  async function later(answer: Promise<Awaited<Answer>>, ctx: Context): Promise<Response> {
    try {
      return answered(await answer, ctx);
    } catch (error) {
      return recover(error, ctx, onError);
    }
  }

  return (ctx) => {
    try {
      const answer = handler(ctx);
      return answer instanceof Promise ? later(answer, ctx) : answered(answer, ctx);
    } catch (error) {
      return recover(error, ctx, onError);
    }
  };
}

function surround(name: string, step: Middleware, inner: Pipeline, onError: ErrorHandler): Pipeline {
  const subject = subjectOf(step, name);
  return async (ctx) => {
    let downstream: Promise<Response> | undefined;
    const next: Next = () => {
      if (downstream !== undefined) throw new Error(`${subject} called next() twice.`);
      const response = inner(ctx);
      downstream = response instanceof Promise ? response : Promise.resolve(response);
      return downstream;
    };
    try {
      const response = await step(ctx, next);
      if (response !== undefined) return checked(response, subject);
      if (downstream !== undefined) return await downstream;
      throw new Error(
        `${subject} neither returned a response nor called next(): to stop the request return one, ` +
          "such as ctx.json(...); to let it pass call await next().",
      );
    } catch (error) {
      return recover(error, ctx, onError);
    }
  };
}

function surroundSplit(
  name: string,
  step: SplitMiddleware,
  inner: Pipeline,
  onError: ErrorHandler,
): Pipeline {
  const subject = subjectOf(step, name);
  const { before, after } = step;

  /** Where `before`, the handler or both have to be waited for. */
  async function later(
    ctx: Context,
    stopped: Promise<Response | undefined> | undefined,
    passed?: Promise<Response>,
  ): Promise<Response> {
    try {
      const stop = stopped && (await stopped);
      if (stop !== undefined) return checked(stop, subject);
      const response = passed ?? inner(ctx);
      const answer = after(ctx, response instanceof Promise ? await response : response);
      return checked(answer instanceof Promise ? await answer : answer, subject);
    } catch (error) {
      return recover(error, ctx, onError);
    }
  }

  async function settled(ctx: Context, answer: Promise<Response>): Promise<Response> {
    try {
      return checked(await answer, subject);
    } catch (error) {
      return recover(error, ctx, onError);
    }
  }

  return (ctx) => {
    try {
      const stopped = before(ctx);
      if (stopped instanceof Promise) return later(ctx, stopped);
      if (stopped !== undefined) return checked(stopped, subject);
      const passed = inner(ctx);
      if (passed instanceof Promise) return later(ctx, undefined, passed);
      const answer = after(ctx, passed);
      return answer instanceof Promise ? settled(ctx, answer) : checked(answer, subject);
    } catch (error) {
      return recover(error, ctx, onError);
    }
  };
}

function isSplit(step: Middleware): step is SplitMiddleware {
  const { before, after } = step as Partial<SplitMiddleware>;
  return typeof before === "function" && typeof after === "function";
}

function subjectOf(step: Middleware, name: string): string {
  return `${step.name === "" ? "A middleware" : `The middleware ${step.name}`} of ${name}`;
}

/**
 * Whether the connection has become a WebSocket. Bun does not say so itself; but it knows no address for such a request,
 * and what a handler returns when it forgot its response must not pass for an upgrade.
 */
function isUpgraded({ headers, request, server }: Context): boolean {
  return headers.get("Upgrade")?.toLowerCase() === "websocket" && server.requestIP(request) === null;
}

function checked(response: unknown, subject: string): Response {
  if (response instanceof Response) return response;
  const what = response === undefined ? "nothing" : `a value of type ${typeof response}`;
  throw new TypeError(`${subject} returned ${what} in place of a Response.`);
}

async function recover(error: unknown, ctx: Context, onError: ErrorHandler): Promise<Response> {
  ctx.error = error;
  try {
    return checked(await onError(error, ctx), "onError");
  } catch (failure) {
    // The first error has been lost to onError: without it in the log there would be no trace of the cause.
    if (failure !== error) console.error(error);
    return internalError(failure);
  }
}
