export type { Context, State } from "./lib/context.ts";
export type { ErrorHandler, Handler, Middleware, Next, PathParams, SplitMiddleware } from "./lib/handler.ts";
export type { ResponseOptions } from "./lib/responses.ts";
export type { RouteGroup } from "./lib/route-group.ts";
export { createRouter, type Router } from "./lib/router.ts";
export type { ServeOptions } from "./lib/serve-options.ts";
