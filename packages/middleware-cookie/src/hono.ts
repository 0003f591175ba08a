export { type SessionEnv, sessions } from "./lib/hono/sessions.ts";
export type { PluginOptions as SessionsOptions } from "./lib/plugin-options.ts";
export type { RequestSession } from "./lib/request-session.ts";
export type { SessionOf } from "./lib/session-of.ts";
