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
  // On the context itself: a WeakSet takes ten times as long, with every request.
  const BEGUN = Symbol("session");
  type Carrier = { [BEGUN]?: true };

  return async (c, next) => {
    // An app and one below it may both use the middleware.
    if ((c as Carrier)[BEGUN]) return next();
    (c as Carrier)[BEGUN] = true;
    const begun = cycles.begin(c.req.raw);
    const cycle = begun instanceof Promise ? await begun : begun;
    if (cycle instanceof Response) return cycle;
    c.set(name, cycle.session);
    await next();
    const { res } = c;
    const settled = cycle.commit(res, c.error);
    const answer = settled instanceof Promise ? await settled : settled;
    if (answer === res && c.finalized) return undefined;
    // Otherwise Hono would put the headers of the one over those of the other.
    c.res = undefined;
    c.res = answer;
    return undefined;
  };
}
