import type { SessionManager } from "@ventostack/auth-core";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { toAnswerHeaders } from "../header-fields.ts";
import { toRequestView } from "../node-request-view.ts";
import { type PluginOptions, splitOptions } from "../plugin-options.ts";
import { createRequestCycles, type RequestCycle } from "../request-cycle.ts";

export interface SessionsOptions extends PluginOptions<string> {
  /** What makes and keeps the sessions. */
  // biome-ignore lint/suspicious/noExplicitAny: a manager of any data; what it holds is declared of FastifyRequest
  manager: SessionManager<any>;
}

/**
 * Sessions for Fastify: `app.register(sessions, { manager })`, and `request.session` in the handlers. The session is loaded
 * in `onRequest`, and its cookie settled in `onSend`; while the store is down the answer is 503, and the cookie is left alone.
 *
 * Registering fails with `INVALID_OPTION` on attributes that a browser would refuse.
 */
const plugin: FastifyPluginAsync<SessionsOptions> = async (app, { manager, ...rest }) => {
  const { name, options } = splitOptions(rest);
  const cycles = createRequestCycles<object>(manager, options);
  const begun = new WeakMap<FastifyRequest, RequestCycle<object>>();
  const failures = new WeakMap<FastifyRequest, unknown>();

  // Fastify wants every property of a request named beforehand.
  app.decorateRequest(name, null);

  app.addHook("onRequest", async (request, reply) => {
    const cycle = await cycles.begin(toRequestView(request));
    if (cycle instanceof Response) return reply.send(await replaceWith(reply, cycle));
    begun.set(request, cycle);
    Object.assign(request, { [name]: cycle.session });
    return undefined;
  });

  app.addHook("onError", async (request, _reply, error) => {
    failures.set(request, error);
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const headers = toAnswerHeaders(
      (field) => reply.getHeader(field),
      (field, value) => {
        void reply.removeHeader(field);
        if (value !== undefined) void reply.header(field, value);
      },
    );
    const answer = { status: reply.statusCode, headers };
    const instead = await begun.get(request)?.settle(answer, failures.get(request));
    return instead === undefined ? payload : replaceWith(reply, instead);
  });
};

/** Makes the reply that answer, and gives its body. */
async function replaceWith(reply: FastifyReply, answer: Response): Promise<string> {
  const text = await answer.text();
  for (const name of Object.keys(reply.getHeaders())) void reply.removeHeader(name);
  void reply.code(answer.status);
  for (const [name, value] of answer.headers) void reply.header(name, value);
  return text;
}

/** As `fastify-plugin` would mark it: the hooks and the decoration are those of the app that registers it. */
export const sessions: FastifyPluginAsync<SessionsOptions> = Object.assign(plugin, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "@ventostack/middleware-cookie/fastify",
  [Symbol.for("plugin-meta")]: { fastify: "5.x", name: "@ventostack/middleware-cookie/fastify" },
});
