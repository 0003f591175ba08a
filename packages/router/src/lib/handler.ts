import type { Context } from "./context.ts";

/** The names in a path: `{ id: string }` for `"/users/:id"`. */
export type PathParams<Path extends string> = Bun.Serve.ExtractRouteParams<Path>;

/**
 * Runs what comes after this middleware and gives its response. Never rejects: what is thrown further in has become a
 * response by then, and is found in `ctx.error`. Throws when called a second time.
 */
export type Next = () => Promise<Response>;

// biome-ignore lint/suspicious/noConfusingVoidType: a function declared to give nothing must fit too
export type Answer = Response | void | Promise<Response | void>;

/**
 * Stands before the handler: either answers itself, or calls `next()` and returns another response, the same one with
 * more headers, or nothing, which leaves the response as it is.
 */
export type Middleware = (ctx: Context, next: Next) => Answer;

/**
 * Middleware that also comes in two halves, which the router runs in place of the whole: then a request for which nothing has
 * to be waited for is answered without a promise. Both halves may answer at once, and are called without `this`. Where it was
 * added a second time, further in, it runs whole.
 */
export interface SplitMiddleware extends Middleware {
  /** A response is the answer: then neither the handler runs nor `after`. */
  readonly before: (ctx: Context) => Response | undefined | Promise<Response | undefined>;
  /**
   * The answer in place of `response`, which may be the same. Runs only where `before` has let the request pass, and for what
   * `onError` made of an error too.
   */
  readonly after: (ctx: Context, response: Response) => Response | Promise<Response>;
}

/**
 * Answers a request. Only one that has upgraded the connection to a WebSocket (`ctx.server.upgrade(ctx.request)`) may
 * return nothing.
 */
export type Handler<Path extends string = string> = (ctx: Context<PathParams<Path>>) => Answer;

/** Makes a response of what was thrown. Must not show its message to the client unless it knows what it says. */
export type ErrorHandler = (error: unknown, ctx: Context) => Response | Promise<Response>;
