import type { SessionManager } from "@ventostack/auth-core";
import type { MiddlewareHandler } from "hono";
import { type PluginOptions, splitOptions } from "../plugin-options.ts";
import { createRequestCycles } from "../request-cycle.ts";
import type { RequestSession } from "../request-session.ts";

/** What the middleware puts in the context: `c.var.session`, or by the name given as `as`. */
export interface SessionEnv<Data extends object, Name extends string = "session"> {
  Variables: Record<Name, RequestSession<Data>>;
}

/**
 * Sessions for Hono: `app.use(sessions(manager))`, and `c.var.session` in the handlers. The session is loaded before the
 * handler, and its cookie settled with the answer; while the store is down the answer is 503, and the cookie is left alone.
 *
 * Throws `INVALID_OPTION` on attributes that a browser would refuse.
 */
export function sessions<Data extends object, Name extends string = "session">(
  manager: SessionManager<Data>,
  options: PluginOptions<Name, Data> = {},
): MiddlewareHandler<SessionEnv<Data, Name>> {
  const { name, options: cycleOptions } = splitOptions(options);
  const cycles = createRequestCycles(manager, cycleOptions);
  const begun = new WeakSet<object>();

  return async (c, next) => {
    // An app and one below it may both use the middleware.
    if (begun.has(c)) return next();
    begun.add(c);
    const cycle = await cycles.begin(c.req.raw);
    if (cycle instanceof Response) return cycle;
    c.set(name, cycle.session);
    await next();
    const answer = await cycle.commit(c.res, c.error);
    // Otherwise Hono would put the headers of the one over those of the other.
    c.res = undefined;
    c.res = answer;
    return undefined;
  };
}
