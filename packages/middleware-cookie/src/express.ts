export { type Sessions, sessions } from "./lib/express/sessions.ts";
export type { PluginOptions as SessionsOptions } from "./lib/plugin-options.ts";
export type { RequestSession } from "./lib/request-session.ts";
export type { SessionOf } from "./lib/session-of.ts";
