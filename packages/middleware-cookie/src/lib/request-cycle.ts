import { checkOptionNames, type Session, type SessionManager } from "@ventostack/auth-core";
import { varyByCookie, withCookie } from "./answer-cookie.ts";
import { createCookieDecision } from "./cookie-decision.ts";
import { type CrossSiteOptions, createOptionalCrossSiteCheck, crossSiteRefusal } from "./cross-site.ts";
import { createFailureReport, type FailureReport } from "./failure-report.ts";
import { readHandWritten } from "./hand-written-cookie.ts";
import { loadSession } from "./load-session.ts";
import { createDeviceReader, type DeviceReader } from "./request-device.ts";
import { createRequestSession, type RequestSession } from "./request-session.ts";
import type { RequestView } from "./request-view.ts";
import { createSessionCookie, type SessionCookieOptions } from "./session-cookie.ts";
import { standsForStoreFailure, unavailable, unlessUnavailable } from "./unavailable.ts";

export interface RequestCycleOptions extends SessionCookieOptions, CrossSiteOptions {
  /**
   * What becomes of an unsafe request, or a WebSocket handshake, that another site's page made the browser send:
   * `"refuse"` (default) answers 403 before anything else, `"allow"` leaves it to the application.
   */
  crossSite?: "refuse" | "allow";
  /**
   * What a new session notes of the device that it is for, so that its user knows it again in a listing: `true` the
   * `User-Agent`, a function whatever it gives. Default: nothing.
   */
  device?: boolean | DeviceReader;
  /**
   * Told of what did not stop the request: a record that cannot be read (the request goes on signed out), a session
   * that could not be extended (the answer goes out as it is). Never holds an id. Default: `console.error`.
   */
  onFailure?: FailureReport;
}

const names: Record<keyof RequestCycleOptions, true> = {
  secure: true,
  trustProxy: true,
  path: true,
  domain: true,
  sameSite: true,
  partitioned: true,
  secrets: true,
  acceptUnsigned: true,
  crossSite: true,
  trustedOrigins: true,
  device: true,
  onFailure: true,
};

/** One request's way through the session: begun before the handler, committed with its answer. */
export interface RequestCycle<Data extends object> {
  readonly session: RequestSession<Data>;
  /**
   * The answer with its headers: the cookie where it changed or is due, `Vary`. To be sent only once this has
   * resolved. `error` is what the handler threw, where the answer stands for that.
   */
  commit(response: Response, error?: unknown): Promise<Response>;
  /** The answer to what the handler threw, where that is a failure of the store. Anything else is thrown on. */
  commitError(error: unknown): Promise<Response>;
}

/** What every framework's plugin is made of. */
export interface RequestCycles<Data extends object> {
  /**
   * Loads the request's session: no store call without a cookie of an id's shape, one with. `onChange` is told the
   * session, now and whenever it changes. A `Response` instead is the answer: the request came from another site, or the
   * store is down.
   */
  begin(
    request: RequestView,
    onChange: (current: Session<Data> | null) => void,
  ): Promise<RequestCycle<Data> | Response>;
}

export function createRequestCycles<Data extends object>(
  manager: SessionManager<Data>,
  options: RequestCycleOptions,
): RequestCycles<Data> {
  checkOptionNames(options, Object.keys(names));
  const { clock, cookieName } = manager.options;
  const isCrossSite = createOptionalCrossSiteCheck(options);
  const cookie = createSessionCookie(manager.options, options);
  const { idIn } = cookie;
  const identity = { name: cookieName, path: options.path ?? "/", domain: options.domain, idIn };
  const report = createFailureReport(options.onFailure);
  const readDevice = createDeviceReader(options.device);
  const decision = createCookieDecision(manager, cookie, report, readDevice);

  function beginWith(
    request: RequestView,
    loaded: Session<Data> | null,
    onChange: (current: Session<Data> | null) => void,
  ): RequestCycle<Data> {
    const session = createRequestSession(manager, loaded, onChange, () => readDevice(request));

    async function settle(response: Response): Promise<Response> {
      const byHand = readHandWritten(response.headers, identity, clock());
      const setCookie = await decision.next({ request, loaded, session, byHand });
      const answer = setCookie === undefined ? response : withCookie(response, identity, setCookie);
      varyByCookie(answer.headers);
      return answer;
    }

    /** The old id died with the step that succeeded: without the new one the failure would sign the user out (G6). */
    function settleUnavailable(): Response {
      const owed = decision.owed({ request, session });
      return owed === undefined ? unavailable() : withCookie(unavailable(), identity, owed);
    }

    return {
      session,
      commit: async (response, error) =>
        standsForStoreFailure(response, error)
          ? settleUnavailable()
          : unlessUnavailable(() => settle(response), settleUnavailable),
      commitError: (error) => unlessUnavailable(() => Promise.reject(error), settleUnavailable),
    };
  }

  return {
    async begin(request, onChange) {
      if (isCrossSite(request)) return crossSiteRefusal();
      return unlessUnavailable(async () => {
        const loaded = await loadSession(manager, cookie.read(request), (error) => report(error, request));
        if (loaded !== null) onChange(loaded);
        return beginWith(request, loaded, onChange);
      });
    },
  };
}
