import { type Awaitable, isRefreshDue, type Session, type SessionManager } from "@ventostack/auth-core";
import type { FailureReport } from "./failure-report.ts";
import type { HandWritten } from "./hand-written-cookie.ts";
import type { DeviceReader } from "./request-device.ts";
import type { SessionState } from "./request-session.ts";
import type { RequestView } from "./request-view.ts";
import type { SessionCookie } from "./session-cookie.ts";

/** What became of the session in one request. */
export interface Outcome<Data extends object> extends SessionState<Data> {
  /** The session that the request came with. */
  readonly loaded: Session<Data> | null;
}

/** Decides on the one `Set-Cookie` of an answer. */
export interface CookieDecision<Data extends object> {
  /**
   * The `Set-Cookie` that the answer needs, or `undefined`: at once, unless the store has to be asked, to extend a
   * session that is due or to end one. `byHand` is what the handler wrote into its answer by itself.
   */
  next(outcome: Outcome<Data>, byHand: HandWritten | undefined): Awaitable<string | undefined>;
  /** The `Set-Cookie` without which the request has signed its user out: that of an id that is new. */
  owed(outcome: Outcome<Data>): string | undefined;
}

export function createCookieDecision<Data extends object>(
  manager: SessionManager<Data>,
  cookie: SessionCookie,
  report: FailureReport,
  readDevice: DeviceReader,
): CookieDecision<Data> {
  const { clock, ttl, absoluteTtl } = manager.options;
  const isDue = (session: Session<Data>): boolean => isRefreshDue(session, clock(), manager.options);

  /**
   * A handler that signs in by hand gets the attributes that let the browser send the cookie everywhere and lets this
   * middleware renew and remove it; and, as with `create`, the session that the request came with ends.
   */
  function adopt(outcome: Outcome<Data>, id: string): Awaitable<string> {
    const { request, loaded, current } = outcome;
    // When it ends is in the store; a cookie that outlives its session opens nothing.
    const issued = cookie.issue(request, id, clock() + Math.min(ttl, absoluteTtl ?? ttl) * 1000);
    const isKnown = loaded?.id === id && current?.id === id;
    return isKnown ? issued : takeOver(outcome, id).then(() => issued);
  }

  async function takeOver(outcome: Outcome<Data>, id: string): Promise<void> {
    const { request, loaded } = outcome;
    if (loaded !== null && loaded.id !== id) await manager.destroy(loaded.id);
    if (outcome.current?.id !== id) await noteDevice(request, id);
  }

  /** The user is signed in, with or without the note: what fails here stops nothing. */
  async function noteDevice(request: RequestView, id: string): Promise<void> {
    try {
      const device = readDevice(request);
      if (device !== undefined) await manager.setDevice(id, device);
    } catch (error) {
      report(error, request);
    }
  }

  /** Of several requests at once one extends the session and renews the cookie; none where it has ended meanwhile. */
  async function refresh(request: RequestView, id: string): Promise<string | undefined> {
    try {
      const refreshed = await manager.refreshIfDue(id);
      return refreshed?.extended ? cookie.issue(request, id, refreshed.session.expiresAt) : undefined;
    } catch (error) {
      // The handler's work is done and its answer true: it goes out, and a later request extends the session.
      report(error, request);
      return undefined;
    }
  }

  function owed({ request, current, cookieChange }: Outcome<Data>): string | undefined {
    if (current === null || cookieChange !== "issue") return undefined;
    return cookie.issue(request, current.id, current.expiresAt);
  }

  return {
    owed,

    next(outcome, byHand) {
      const { request, current, cookieChange } = outcome;
      if (byHand === "clear") return cookie.clear(request);
      if (byHand !== undefined) {
        // Sent again by hand: the session slides like any other.
        if (byHand.id !== current?.id || !isDue(current)) return adopt(outcome, byHand.id);
        return refresh(request, current.id).then((renewed) => renewed ?? adopt(outcome, byHand.id));
      }
      if (cookieChange === "clear") return cookie.clear(request);
      if (current === null) return undefined;
      if (cookieChange === "issue") return owed(outcome);
      return isDue(current) ? refresh(request, current.id) : undefined;
    },
  };
}
