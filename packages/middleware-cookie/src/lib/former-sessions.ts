import type { Session, SessionManager } from "@ventostack/auth-core";
import type { RequestView } from "./request-view.ts";

/** The session that took the place of one from before. */
export interface Exchanged<Data extends object> {
  readonly session: Session<Data>;
  /** The `Set-Cookie` that removes the cookie of the one from before. */
  readonly removal: string;
}

/** Sessions that another library has made, and that go on as ours when they are met. */
export interface FormerSessions<Data extends object> {
  /**
   * A session of ours in place of the one from before that the request carries, which ends with this; `null` where it
   * carries none. Rejects with a `SessionError` where the store of those sessions is at fault.
   */
  exchange(request: RequestView, manager: SessionManager<Data>): Promise<Exchanged<Data> | null>;
}
