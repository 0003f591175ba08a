import type { SessionManager } from "@ventostack/auth-core";
import type { RequestSession } from "./request-session.ts";

/** The session of a request, by the type of the manager: `SessionOf<typeof manager>`. */
export type SessionOf<Manager> = Manager extends SessionManager<infer Data> ? RequestSession<Data> : never;
