import { internalError, notFound } from "./default-answers.ts";
import type { ErrorHandler, Handler } from "./handler.ts";
import { createRoutes, type Routes } from "./route-group.ts";
import { createRouteTable, type Scope } from "./route-table.ts";
import { createServeOptions, type ServeOptions } from "./serve-options.ts";

/** Routes, and what becomes of requests that none of them answers. Middleware added here also sees 404 and 405. */
export interface Router extends Routes<Router> {
  /**
   * What to answer when a handler or a middleware throws; by default the error is written with `console.error` and the
   * answer is a bare 500, as it is when `onError` throws itself. The last one set counts.
   */
  onError(handler: ErrorHandler): Router;
  /** What to answer when no route has the path; by default 404. The last one set counts. */
  notFound(handler: Handler): Router;
  /**
   * The options for `Bun.serve({ port, ...router.serve() })`, or for `server.reload`. What is registered on the router
   * after the call is not in them.
   */
  serve(): ServeOptions;
}

/**
 * A router whose routes Bun matches natively. Every answer of its own is JSON, `{ error }`: 404, 405 with `Allow` where
 * the path has routes for other methods (OPTIONS included, unless registered), and 500.
 */
export function createRouter(): Router {
  const root: Scope = { prefix: "/", middleware: [] };
  const table = createRouteTable();
  let answerUnknown: Handler = notFound;
  let answerError: ErrorHandler = internalError;

  const router: Router = {
    ...createRoutes(root, table, () => router),
    onError(handler) {
      answerError = handler;
      return router;
    },
    notFound(handler) {
      answerUnknown = handler;
      return router;
    },
    serve: () => createServeOptions(table, root, answerUnknown, answerError),
  };
  return router;
}
