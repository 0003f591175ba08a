export { type SessionsOptions, sessions } from "./lib/fastify/sessions.ts";
export type { RequestSession } from "./lib/request-session.ts";
export type { SessionOf } from "./lib/session-of.ts";
