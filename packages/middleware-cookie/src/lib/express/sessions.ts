import type { SessionManager } from "@ventostack/auth-core";
import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import { toAnswerHeaders } from "../header-fields.ts";
import { toRequestView } from "../node-request-view.ts";
import { type PluginOptions, splitOptions } from "../plugin-options.ts";
import { createRequestCycles, type RequestCycle } from "../request-cycle.ts";
import type { RequestSession } from "../request-session.ts";
import { isStoreFailure } from "../unavailable.ts";
import { type HeldAnswer, holdAnswer } from "./held-answer.ts";
import { sendInstead } from "./send.ts";

export interface Sessions<Data extends object> extends RequestHandler {
  /** The request's session, by the manager's type. Throws where the middleware has not run. */
  of(req: object): RequestSession<Data>;
  /**
   * To be used after the routes: answers 503 where one of them failed because the store did. Without it that is the 500 of
   * any other error.
   */
  readonly errorHandler: ErrorRequestHandler;
}

interface Begun<Data extends object> {
  readonly cycle: RequestCycle<Data>;
  readonly answer: HeldAnswer;
}

/**
 * Sessions for Express: `app.use(sessions(manager))`, and `req.session` in the handlers. The session is loaded before the
 * handler, and its cookie settled just before the answer's head goes out; while the store is down the answer is 503, and the
 * cookie is left alone.
 *
 * Throws `INVALID_OPTION` on attributes that a browser would refuse.
 */
export function sessions<Data extends object>(
  manager: SessionManager<Data>,
  options: PluginOptions<string, Data> = {},
): Sessions<Data> {
  const { name, options: cycleOptions } = splitOptions(options);
  const cycles = createRequestCycles(manager, cycleOptions);
  const begun = new WeakMap<object, Begun<Data>>();

  const begin = async (req: Request) => cycles.begin(toRequestView(req));

  const middleware: RequestHandler = (req, res, next) => {
    // An app and a router below it may both use the middleware.
    if (begun.has(req)) return next();
    begin(req)
      .then((cycle) => {
        if (cycle instanceof Response) return sendInstead(res, cycle);
        const headers = toAnswerHeaders(
          (field) => res.getHeader(field),
          (field, value) => (value === undefined ? res.removeHeader(field) : res.setHeader(field, value)),
        );
        const settle = () => cycle.settle({ status: res.statusCode, headers });
        begun.set(req, { cycle, answer: holdAnswer(res, settle, next) });
        Object.assign(req, { [name]: cycle.session });
        return next();
      })
      .catch(next);
  };

  const errorHandler: ErrorRequestHandler = (error, req, res, next) => {
    if (!isStoreFailure(error) || res.headersSent) return next(error);
    const { cycle, answer } = begun.get(req) ?? {};
    if (cycle === undefined || answer === undefined) return next(error);
    cycle.commitError(error).then(answer.replace).catch(next);
  };

  return Object.assign(middleware, {
    errorHandler,
    of(req: object): RequestSession<Data> {
      const found = begun.get(req);
      if (found !== undefined) return found.cycle.session;
      throw new Error("This request has no session: add the middleware before the route, with app.use().");
    },
  });
}
