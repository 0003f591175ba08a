import type { SessionManager } from "@ventostack/auth-core";
import { createRequestCycles, type RequestCycleOptions } from "../request-cycle.ts";
import type { RequestSession } from "../request-session.ts";
import { isStoreFailure } from "../unavailable.ts";

export interface WithSessionOptions<Data extends object = Record<string, unknown>>
  extends RequestCycleOptions<Data> {
  /**
   * Answers to what a handler throws. Without it that goes to the `error` of `Bun.serve`, which knows of no request: its answer
   * has no cookie, and a session that was made before the error, or moved to a new id, is lost to the client.
   */
  error?: (error: unknown, request: Request) => Response | Promise<Response>;
}

/** A handler of `Bun.serve` that is given the request's session, between what `Bun.serve` gives it. */
export type SessionHandler<Data extends object, Req extends Request, Server, Answer> = (
  request: Req,
  session: RequestSession<Data>,
  server: Server,
) => Answer | Promise<Answer>;

/** What `Bun.serve` takes as a route, as a method of one, or as `fetch`. */
export type ServeHandler<Req extends Request, Server, Answer> = (
  request: Req,
  server: Server,
) => Promise<Answer | Response>;

/** Makes handlers of `Bun.serve` of those that are given a session. */
export type SessionWrapper<Data extends object> = <
  Req extends Request,
  Server extends Bun.Server<unknown>,
  // biome-ignore lint/suspicious/noConfusingVoidType: what Bun's own types let a handler give after an upgrade
  Answer extends Response | undefined | void,
>(
  handler: SessionHandler<Data, Req, Server, Answer>,
) => ServeHandler<Req, Server, Answer>;

/**
 * Sessions for the routes and the `fetch` of `Bun.serve`. The session is loaded before the handler, and its cookie settled
 * with the answer; while the store is down the answer is 503, and the cookie is left alone. A handler that has upgraded to
 * a WebSocket gives `undefined`, as without sessions.
 *
 * Throws `INVALID_OPTION` on attributes that a browser would refuse.
 */
export function withSession<Data extends object>(
  manager: SessionManager<Data>,
  options?: WithSessionOptions<Data>,
): SessionWrapper<Data>;
/** The same for a single handler, with the defaults. */
export function withSession<
  Data extends object,
  Req extends Request,
  Server extends Bun.Server<unknown>,
  // biome-ignore lint/suspicious/noConfusingVoidType: what Bun's own types let a handler give after an upgrade
  Answer extends Response | undefined | void,
>(
  manager: SessionManager<Data>,
  handler: SessionHandler<Data, Req, Server, Answer>,
): ServeHandler<Req, Server, Answer>;
export function withSession<Data extends object>(
  manager: SessionManager<Data>,
  optionsOrHandler:
    | WithSessionOptions<Data>
    | SessionHandler<Data, Request, unknown, Response | undefined> = {},
): unknown {
  if (typeof optionsOrHandler === "function") return createWrapper(manager, {})(optionsOrHandler);
  return createWrapper(manager, optionsOrHandler);
}

function createWrapper<Data extends object>(
  manager: SessionManager<Data>,
  { error: answerError, ...options }: WithSessionOptions<Data>,
) {
  const cycles = createRequestCycles(manager, options);
  return <Req extends Request, Server>(
    handler: SessionHandler<Data, Req, Server, Response | undefined>,
  ): ServeHandler<Req, Server, Response | undefined> =>
    async (request, server) => {
      const begun = cycles.begin(request);
      const cycle = begun instanceof Promise ? await begun : begun;
      if (cycle instanceof Response) return cycle;
      try {
        const answer = handler(request, cycle.session, server);
        const response = answer instanceof Response ? answer : await answer;
        // Nothing: the connection has become a WebSocket, whose answer is on its way.
        const settled = response && cycle.commit(response);
        return settled instanceof Promise ? await settled : settled;
      } catch (error) {
        if (answerError === undefined || isStoreFailure(error)) return cycle.commitError(error);
        return cycle.commit(await answerError(error, request));
      }
    };
}
