import { type Session, SessionError, type SessionManager } from "@ventostack/auth-core";
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

/** What keeps one session from before from going on, and says nothing of the store. */
const HINDRANCES = ["LIMIT_REACHED", "INVALID_DATA"];

/**
 * The session that goes on, if any. One that cannot (its user has enough sessions, its data does not fit) counts as none, and
 * is reported: it must keep nobody from signing in. It stays where it is, and the next request tries again.
 */
export async function exchangeFormer<Data extends object>(
  former: FormerSessions<Data>,
  request: RequestView,
  manager: SessionManager<Data>,
  report: (error: unknown) => void,
): Promise<Exchanged<Data> | null> {
  try {
    return await former.exchange(request, manager);
  } catch (error) {
    if (!(error instanceof SessionError && HINDRANCES.includes(error.code))) throw error;
    report(error);
    return null;
  }
}
