export {
  type ServeHandler,
  type SessionHandler,
  type SessionWrapper,
  type WithSessionOptions,
  withSession,
} from "./lib/bun/with-session.ts";
export type { RequestSession } from "./lib/request-session.ts";
