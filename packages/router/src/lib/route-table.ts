import type { Handler, Middleware } from "./handler.ts";
import { pathShape } from "./path.ts";

/** The methods that a route can be registered for. HEAD goes to GET. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export type Method = (typeof METHODS)[number];

/** Middleware of a router or group, outermost first; it grows for as long as `use` is called. */
export interface Scope {
  readonly parent?: Scope;
  readonly prefix: string;
  readonly middleware: Middleware[];
}

export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly scope: Scope;
  /** The route's own, after that of its scope. */
  readonly middleware: readonly Middleware[];
  readonly handler: Handler;
}

/** Routes by path and method. */
export interface RouteTable {
  /** Throws where the route could never be reached, or would take another one's requests. */
  add(route: Route): void;
  readonly paths: ReadonlyMap<string, ReadonlyMap<Method, Route>>;
}

export function createRouteTable(): RouteTable {
  const paths = new Map<string, Map<Method, Route>>();
  const pathsByShape = new Map<string, string>();

  return {
    paths,
    add(route) {
      const { method, path } = route;
      const shape = pathShape(path);
      const known = pathsByShape.get(shape) ?? path;
      if (known !== path) {
        // Bun keeps the one added last: the methods of the other would answer 405.
        throw new Error(
          `The paths ${known} and ${path} match the same requests: call their parameters the same.`,
        );
      }
      const routes = paths.get(path) ?? new Map<Method, Route>();
      if (routes.has(method)) throw new Error(`There is a route for ${method} ${path} already.`);
      routes.set(method, route);
      paths.set(path, routes);
      pathsByShape.set(shape, path);
    },
  };
}

/** Every middleware that the scope's routes pass, outermost first. */
export function scopeMiddleware(scope: Scope): Middleware[] {
  return [...(scope.parent ? scopeMiddleware(scope.parent) : []), ...scope.middleware];
}
