import type { Context } from "./context.ts";
import { internalError } from "./default-answers.ts";
import type { ErrorHandler, Handler, Middleware, Next } from "./handler.ts";

/** Middleware and handler as one. Never rejects. */
export type Pipeline = (ctx: Context) => Promise<Response>;

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
  const subject = `The handler of ${name}`;
  return middleware.reduceRight<Pipeline>(
    (inner, step) => surround(name, step, inner, onError),
    async (ctx) => {
      try {
        const answer = handler(ctx);
        // Nothing is waited for where the answer is there.
        const response = answer instanceof Promise ? await answer : answer;
        // For middleware to look at, so that next() gives a response always; Bun sends nothing of it.
        if (response === undefined && isUpgraded(ctx)) return new Response(null, { status: 101 });
        return checked(response, subject);
      } catch (error) {
        return recover(error, ctx, onError);
      }
    },
  );
}

function surround(name: string, step: Middleware, inner: Pipeline, onError: ErrorHandler): Pipeline {
  const subject = `${step.name === "" ? "A middleware" : `The middleware ${step.name}`} of ${name}`;
  return async (ctx) => {
    let downstream: Promise<Response> | undefined;
    const next: Next = () => {
      if (downstream !== undefined) throw new Error(`${subject} called next() twice.`);
      downstream = inner(ctx);
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
