import type { Awaitable, SessionManager } from "@ventostack/auth-core";
import { createFreshnessCheck } from "./freshness.ts";
import { createRequestCycles, type RequestCycle, type RequestCycleOptions } from "./request-cycle.ts";
import type { RequestSession } from "./request-session.ts";

/** What the middleware needs of a router's context, which has to be an object that may be added to. */
export interface SessionContext {
  readonly request: Request;
  /** Filled with `session` (the data) and `sessionId` while somebody is signed in. */
  readonly state: Record<string, unknown>;
  /** What a handler threw, on a router whose `next()` answers in its place. */
  readonly error?: unknown;
}

export type SessionMiddlewareOptions<Data extends object = Record<string, unknown>> =
  RequestCycleOptions<Data>;

/** The middleware in two halves, for routers that know them. They are its own properties, but not enumerable. */
interface Halves {
  /** What comes before the handler: a response is the answer. Waits for nothing where the store answers at once. */
  before(ctx: SessionContext): Awaitable<Response | undefined>;
  /** What is done to the answer. */
  after(ctx: SessionContext, response: Response): Awaitable<Response>;
}

export interface SessionMiddleware<Data extends object = Record<string, unknown>> extends Halves {
  /** `next()` has to give the answer. */
  (ctx: SessionContext, next: () => Promise<Response | undefined>): Promise<Response | undefined>;
  /** The request's session, with the methods that keep its cookie in step. Throws where the middleware has not run. */
  of(ctx: object): RequestSession<Data>;
  /**
   * Middleware for routes behind this one: 401 where nobody is signed in, 403 where the user has proved who they are more
   * than this many seconds ago. Throws `INVALID_OPTION` on what is no duration.
   */
  requireFresh(maxAgeSeconds: number): RouteMiddleware;
}

export type RouteMiddleware = (
  ctx: object,
  next: () => Promise<Response | undefined>,
) => Promise<Response | undefined>;

/**
 * Middleware for routers of the `(ctx, next)` style: loads the session before the handler, and settles its cookie
 * with the answer. An anonymous request costs no store call and no cookie, a signed-in one a single read, plus one
 * refresh with one renewed cookie per `touchInterval`. While the store is down it answers 503 and leaves the cookie
 * alone. A cookie of the session's name that a handler sets by hand is sent with this middleware's attributes.
 *
 * Throws `INVALID_OPTION` on attributes that a browser would refuse.
 */
export function createSessionMiddleware<Data extends object = Record<string, unknown>>(
  manager: SessionManager<Data>,
  options: SessionMiddlewareOptions<Data> = {},
): SessionMiddleware<Data> {
  const cycles = createRequestCycles(manager, options);
  // On the context itself: a WeakMap takes ten times as long, with every request.
  const CYCLE = Symbol("session");
  const TO_SETTLE = Symbol("session to settle");
  type Begun = { [CYCLE]?: RequestCycle<Data>; [TO_SETTLE]?: RequestCycle<Data> | undefined };

  function before(ctx: SessionContext): Awaitable<Response | undefined> {
    const held = ctx as Begun;
    if (held[CYCLE] !== undefined) return undefined;
    const begun = cycles.begin(ctx.request, ctx.state);
    return begun instanceof Promise ? begun.then((cycle) => hold(held, cycle)) : hold(held, begun);
  }

  function hold(ctx: Begun, begun: RequestCycle<Data> | Response): Response | undefined {
    if (begun instanceof Response) return begun;
    ctx[CYCLE] = begun;
    ctx[TO_SETTLE] = begun;
    return undefined;
  }

  function after(ctx: SessionContext, response: Response): Awaitable<Response> {
    const held = ctx as Begun;
    const cycle = held[TO_SETTLE];
    if (cycle === undefined) return response;
    held[TO_SETTLE] = undefined;
    return cycle.commit(response, ctx.error);
  }

  async function middleware(
    ctx: SessionContext,
    next: () => Promise<Response | undefined>,
  ): Promise<Response | undefined> {
    // Added twice, it has done its work already.
    if ((ctx as Begun)[CYCLE] !== undefined) return next();
    const cycle = await cycles.begin(ctx.request, ctx.state);
    if (cycle instanceof Response) return cycle;
    (ctx as Begun)[CYCLE] = cycle;
    try {
      const response = await next();
      return response && cycle.commit(response, ctx.error);
    } catch (error) {
      // What a handler throws reaches us here on a router whose `next()` rejects.
      return cycle.commitError(error);
    }
  }

  function of(ctx: object): RequestSession<Data> {
    const cycle = (ctx as Begun)[CYCLE];
    if (cycle !== undefined) return cycle.session;
    throw new Error(
      "This request has no session: add the session middleware before the route, with router.use().",
    );
  }

  function requireFresh(maxAgeSeconds: number): RouteMiddleware {
    const refusalOf = createFreshnessCheck(manager, maxAgeSeconds);
    return async (ctx, next) => refusalOf(of(ctx).current) ?? next();
  }

  // Not to be copied: what somebody puts around the middleware, with its other methods, is to be run, and not these.
  Object.defineProperties(middleware, { before: { value: before }, after: { value: after } });
  return Object.assign(middleware as typeof middleware & Halves, { of, requireFresh });
}
