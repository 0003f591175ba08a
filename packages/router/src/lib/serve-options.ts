import type { BunRequest, Server } from "bun";
import { createContext } from "./context.ts";
import { internalError, methodNotAllowed } from "./default-answers.ts";
import type { ErrorHandler, Handler } from "./handler.ts";
import { createPipeline, type Pipeline } from "./pipeline.ts";
import { type RouteTable, type Scope, scopeMiddleware } from "./route-table.ts";

/** Options of `Bun.serve`, to spread beside `port` and the like. */
export interface ServeOptions {
  routes: Record<string, (request: BunRequest, server: Server<unknown>) => Response | Promise<Response>>;
  /** Answers what no route matches. */
  fetch: (request: Request, server: Server<unknown>) => Response | Promise<Response>;
  /** For faults that no middleware sees, such as a response that is sent twice. */
  error: (error: unknown) => Response;
}

/** Every route with the middleware it has now; what is registered later is not in it. */
export function createServeOptions(
  table: RouteTable,
  root: Scope,
  notFound: Handler,
  onError: ErrorHandler,
): ServeOptions {
  const routes: ServeOptions["routes"] = {};
  for (const [path, byMethod] of table.paths) {
    const pipelines = new Map<string, Pipeline>();
    for (const { method, scope, middleware, handler } of byMethod.values()) {
      const all = [...scopeMiddleware(scope), ...middleware];
      const pipeline = createPipeline(`${method} ${path}`, all, handler, onError);
      pipelines.set(method, pipeline);
      // Bun itself drops the body, and ends it where it is a stream, but keeps its Content-Length.
      if (method === "GET") pipelines.set("HEAD", pipeline);
    }
    const allow = [...pipelines.keys()].join(", ");
    const refuse = createPipeline(path, root.middleware, () => methodNotAllowed(allow), onError);

    // One function for all methods: those that a path does not list Bun would hand to `fetch`.
    routes[path] = (request, server) =>
      (pipelines.get(request.method) ?? refuse)(createContext(request, server));
  }
  const lost = createPipeline("an unknown path", root.middleware, notFound, onError);
  return { routes, fetch: (request, server) => lost(createContext(request, server)), error: internalError };
}
