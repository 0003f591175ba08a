import { type Awaitable, checkOptionNames, type Session, type SessionManager } from "@ventostack/auth-core";
import { type AnswerHeaders, putCookie, varyByCookie, withCookie } from "./answer-cookie.ts";
import { createCookieDecision } from "./cookie-decision.ts";
import { type CrossSiteOptions, createOptionalCrossSiteCheck, crossSiteRefusal } from "./cross-site.ts";
import { createFailureReport, type FailureReport } from "./failure-report.ts";
import { exchangeFormer, type FormerSessions } from "./former-sessions.ts";
import { readHandWritten } from "./hand-written-cookie.ts";
import { loadSession } from "./load-session.ts";
import { createDeviceReader, type DeviceReader } from "./request-device.ts";
import { createRequestSession, type RequestSession } from "./request-session.ts";
import type { RequestView } from "./request-view.ts";
import { createSessionCookie, type SessionCookieOptions } from "./session-cookie.ts";
import { isStoreFailure, standsForStoreFailure, unavailable, unlessUnavailable } from "./unavailable.ts";

export interface RequestCycleOptions<Data extends object = Record<string, unknown>>
  extends SessionCookieOptions,
    CrossSiteOptions {
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
  /** Sessions of another library, to go on as ours: asked where the request has none of ours. */
  former?: FormerSessions<Data>;
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
  former: true,
};

/** An answer whose headers can still be set, of a server that does not answer with a `Response`. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/** One request's way through the session: begun before the handler, committed with its answer. */
export interface RequestCycle<Data extends object> {
  readonly session: RequestSession<Data>;
  /**
   * The answer with its headers: the cookie where it changed or is due, `Vary`. To be sent only once this has
   * resolved: at once, unless the store has to be asked. `error` is what the handler threw, where the answer stands for that.
   */
  commit(response: Response, error?: unknown): Awaitable<Response>;
  /**
   * `commit` for an answer that is no `Response`: sets its headers, and they may be sent once this has resolved. That is at
   * once, without a promise, unless the store has to be asked. A `Response` is the answer to send in place of this one.
   */
  settle(answer: OpenAnswer, error?: unknown): Awaitable<Response | undefined>;
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
    onChange?: (current: Session<Data> | null) => void,
  ): Promise<RequestCycle<Data> | Response>;
  /** The answer to a request that came from another site, as `begin` gives it, where a cycle has been begun already. */
  refusal(request: RequestView): Response | undefined;
}

export function createRequestCycles<Data extends object>(
  manager: SessionManager<Data>,
  options: RequestCycleOptions<Data>,
): RequestCycles<Data> {
  checkOptionNames(options, Object.keys(names));
  const { clock, cookieName } = manager.options;
  const { former } = options;
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
    removal?: string,
  ): RequestCycle<Data> {
    const session = createRequestSession(manager, loaded, {
      onChange,
      device: () => readDevice(request),
      initialChange: removal === undefined ? "none" : "issue",
    });

    function decide(headers: AnswerHeaders): Awaitable<string | undefined> {
      const byHand = readHandWritten(headers, identity, clock());
      return decision.next({ request, loaded, session, byHand });
    }

    function finish(headers: AnswerHeaders): void {
      if (removal !== undefined) headers.append("set-cookie", removal);
      varyByCookie(headers);
    }

    function commit(response: Response): Awaitable<Response> {
      const setCookie = decide(response.headers);
      if (setCookie instanceof Promise) {
        return unlessUnavailable(
          () => setCookie.then((given) => answerWith(response, given)),
          settleUnavailable,
        );
      }
      return answerWith(response, setCookie);
    }

    function answerWith(response: Response, setCookie: string | undefined): Response {
      const answer = setCookie === undefined ? response : withCookie(response, identity, setCookie);
      finish(answer.headers);
      return answer;
    }

    function settle({ headers }: OpenAnswer): Awaitable<Response | undefined> {
      const write = (setCookie: string | undefined): undefined => {
        if (setCookie !== undefined) putCookie(headers, identity, setCookie);
        finish(headers);
      };
      const setCookie = decide(headers);
      if (!(setCookie instanceof Promise)) return write(setCookie);
      return unlessUnavailable<undefined>(() => setCookie.then(write), settleUnavailable);
    }

    /** The old id died with the step that succeeded: without the new one the failure would sign the user out (G6). */
    function settleUnavailable(): Response {
      const owed = decision.owed({ request, session });
      return owed === undefined ? unavailable() : withCookie(unavailable(), identity, owed);
    }

    return {
      session,
      commit: (response, error) =>
        standsForStoreFailure(response, error) ? settleUnavailable() : commit(response),
      settle: (answer, error) =>
        standsForStoreFailure(answer, error) ? settleUnavailable() : settle(answer),
      commitError: (error) => unlessUnavailable(() => Promise.reject(error), settleUnavailable),
    };
  }

  const refusal = (request: RequestView): Response | undefined =>
    isCrossSite(request) ? crossSiteRefusal() : undefined;

  return {
    refusal,

    async begin(request, onChange = () => undefined) {
      const refused = refusal(request);
      if (refused !== undefined) return refused;
      const id = cookie.read(request);
      const tell = (error: unknown): void => report(error, request);
      let current: Session<Data> | null = null;
      let removal: string | undefined;
      try {
        if (id !== undefined) current = await loadSession(manager, id, tell);
        if (current === null && former !== undefined) {
          const exchanged = await exchangeFormer(former, request, manager, tell);
          current = exchanged?.session ?? null;
          removal = exchanged?.removal;
        }
      } catch (error) {
        if (isStoreFailure(error)) return unavailable();
        throw error;
      }
      if (current !== null) onChange(current);
      return beginWith(request, current, onChange, removal);
    },
  };
}
