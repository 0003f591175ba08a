import type { Handler, Middleware } from "./handler.ts";
import { checkPrefix, joinPaths } from "./path.ts";
import type { Method, RouteTable, Scope } from "./route-table.ts";

/**
 * Registers a route: the last function is the handler, those before it are middleware of this route alone. Throws an
 * `Error` for a path that does not start with "/" or that Bun could not match, without a handler, and for the same
 * method and path a second time.
 */
export type AddRoute<Self> = <Path extends string>(
  path: Path,
  ...steps: [...middleware: Middleware[], handler: Handler<Path>]
) => Self;

/** What a router and a group have in common. Each method returns what it was called on. */
export interface Routes<Self> {
  /** Answers HEAD too: with what the handler answers, without the body. */
  get: AddRoute<Self>;
  post: AddRoute<Self>;
  put: AddRoute<Self>;
  patch: AddRoute<Self>;
  delete: AddRoute<Self>;
  options: AddRoute<Self>;
  /** Adds middleware for every route in here and in the groups in here, those registered before included. */
  use(...middleware: Middleware[]): Self;
  /** Routes under a common prefix, with middleware of their own; "/" is a group without a prefix. */
  group(prefix: string, register: (group: RouteGroup) => void): Self;
}

/** Part of a router: routes that share a prefix and middleware. */
export interface RouteGroup extends Routes<RouteGroup> {}

/** The methods that register routes in the scope. `self` is what they return, once there is one. */
export function createRoutes<Self>(scope: Scope, table: RouteTable, self: () => Self): Routes<Self> {
  const adder =
    (method: Method): AddRoute<Self> =>
    (path, ...steps) => {
      const handler = steps.at(-1) as Handler | undefined;
      const middleware = steps.slice(0, -1) as Middleware[];
      if (handler === undefined) throw new Error(`The route ${method} ${path} has no handler.`);
      checkFunctions(`The route ${method} ${path}`, steps);
      table.add({ method, path: joinPaths(scope.prefix, path), scope, middleware, handler });
      return self();
    };

  return {
    get: adder("GET"),
    post: adder("POST"),
    put: adder("PUT"),
    patch: adder("PATCH"),
    delete: adder("DELETE"),
    options: adder("OPTIONS"),

    use(...middleware) {
      checkFunctions("use()", middleware);
      scope.middleware.push(...middleware);
      return self();
    },

    group(prefix, register) {
      checkPrefix(prefix);
      register(
        createGroup({ parent: scope, prefix: joinPaths(scope.prefix, prefix), middleware: [] }, table),
      );
      return self();
    },
  };
}

function createGroup(scope: Scope, table: RouteTable): RouteGroup {
  const group: RouteGroup = createRoutes(scope, table, () => group);
  return group;
}

/** What comes from JavaScript, or from an import that is `undefined` yet, fails here rather than at a request. */
function checkFunctions(subject: string, values: readonly unknown[]): void {
  for (const value of values) {
    if (typeof value !== "function") throw new TypeError(`${subject} takes functions, not ${typeof value}.`);
  }
}
