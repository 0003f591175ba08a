import { type Awaitable, checkOptionNames, type Session, type SessionManager } from "@ventostack/auth-core";
import { type AnswerHeaders, putCookie, varyByCookie, withCookie } from "./answer-cookie.ts";
import { createCookieDecision, type Outcome } from "./cookie-decision.ts";
import { type CrossSiteOptions, createOptionalCrossSiteCheck, crossSiteRefusal } from "./cross-site.ts";
import { createFailureReport, type FailureReport } from "./failure-report.ts";
import { exchangeFormer, type FormerSessions } from "./former-sessions.ts";
import { readHandWritten } from "./hand-written-cookie.ts";
import { createDeviceReader, type DeviceReader } from "./request-device.ts";
import { become, createRequestSessions, type RequestSession } from "./request-session.ts";
import type { RequestView } from "./request-view.ts";
import { createSessionCookie, type SessionCookieOptions } from "./session-cookie.ts";
import { isStoreFailure, standsForStoreFailure, unavailable, unlessUnavailable } from "./unavailable.ts";
import { isUnreadable } from "./unreadable.ts";

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
  /** Made when it is asked for: most requests never do. */
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
   * Loads the request's session: no store call without a cookie of an id's shape, and then no promise either; one with.
   * `shown` is given `session` (the data) and `sessionId`, now and whenever they change. A `Response` instead is the answer:
   * the request came from another site, or the store is down.
   */
  begin(request: RequestView, shown?: Record<string, unknown>): Awaitable<RequestCycle<Data> | Response>;
  /** Whether `begin` never gives a promise. */
  readonly beginsAtOnce: boolean;
  /** The answer to a request that came from another site, as `begin` gives it, where a cycle has been begun already. */
  refusal(request: RequestView): Response | undefined;
}

/** What a cycle holds itself; the rest is on the prototype that all of one middleware's share. */
interface OwnProperties<Data extends object> extends Outcome<Data> {
  request: RequestView;
  shown: Record<string, unknown> | undefined;
  loaded: Session<Data> | null;
  /** The `Set-Cookie` that removes the cookie of a session from before. Seldom there: of more than six fields the others lie apart. */
  removal?: string;
  madeSession: RequestSession<Data> | undefined;
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
  const createSession = createRequestSessions(manager, readDevice);

  function decide(cycle: OwnProperties<Data>, headers: AnswerHeaders): Awaitable<string | undefined> {
    // Nearly no answer has any, and to ask for one is less than to have a list made.
    const isByHand = headers.get("set-cookie") !== null;
    return decision.next(cycle, isByHand ? readHandWritten(headers, identity, clock()) : undefined);
  }

  function finish({ removal }: OwnProperties<Data>, headers: AnswerHeaders): void {
    if (removal !== undefined) headers.append("set-cookie", removal);
    varyByCookie(headers);
  }

  function answerWith(
    cycle: OwnProperties<Data>,
    response: Response,
    setCookie: string | undefined,
  ): Response {
    const answer = setCookie === undefined ? response : withCookie(response, identity, setCookie);
    finish(cycle, answer.headers);
    return answer;
  }

  /** The old id died with the step that succeeded: without the new one the failure would sign the user out (G6). */
  function settleUnavailable(cycle: OwnProperties<Data>): Response {
    const owed = decision.owed(cycle);
    return owed === undefined ? unavailable() : withCookie(unavailable(), identity, owed);
  }

  const prototype: RequestCycle<Data> & ThisType<OwnProperties<Data>> = {
    get session() {
      this.madeSession ??= createSession(this);
      return this.madeSession;
    },

    commit(response, error) {
      if (standsForStoreFailure(response, error)) return settleUnavailable(this);
      const setCookie = decide(this, response.headers);
      if (!(setCookie instanceof Promise)) return answerWith(this, response, setCookie);
      return unlessUnavailable(
        () => setCookie.then((given) => answerWith(this, response, given)),
        () => settleUnavailable(this),
      );
    },

    settle(answer, error) {
      if (standsForStoreFailure(answer, error)) return settleUnavailable(this);
      const { headers } = answer;
      const write = (setCookie: string | undefined): undefined => {
        if (setCookie !== undefined) putCookie(headers, identity, setCookie);
        finish(this, headers);
      };
      const setCookie = decide(this, headers);
      if (!(setCookie instanceof Promise)) return write(setCookie);
      return unlessUnavailable<undefined>(
        () => setCookie.then(write),
        () => settleUnavailable(this),
      );
    },

    commitError(error) {
      return unlessUnavailable(
        () => Promise.reject(error),
        () => settleUnavailable(this),
      );
    },
  };

  function beginWith(
    request: RequestView,
    loaded: Session<Data> | null,
    shown: Record<string, unknown> | undefined,
    removal?: string,
  ): RequestCycle<Data> {
    const cycle: OwnProperties<Data> = Object.create(prototype);
    cycle.request = request;
    cycle.shown = shown;
    cycle.loaded = loaded;
    cycle.madeSession = undefined;
    cycle.current = null;
    cycle.cookieChange = "none";
    if (removal !== undefined) cycle.removal = removal;
    if (loaded !== null) become(cycle, loaded, removal === undefined ? "none" : "issue");
    return cycle as OwnProperties<Data> & RequestCycle<Data>;
  }

  function load(
    request: RequestView,
    id: string,
    shown: Record<string, unknown> | undefined,
  ): Awaitable<RequestCycle<Data> | Response> {
    let found: Awaitable<Session<Data> | null>;
    try {
      found = manager.load(id);
    } catch (error) {
      return withoutSession(error, request, shown);
    }
    if (!(found instanceof Promise)) return beginFound(request, found, shown);
    return found.then(
      (session) => beginFound(request, session, shown),
      (error: unknown) => withoutSession(error, request, shown),
    );
  }

  function beginFound(
    request: RequestView,
    found: Session<Data> | null,
    shown: Record<string, unknown> | undefined,
  ): Awaitable<RequestCycle<Data> | Response> {
    return found === null ? beginAfresh(request, shown) : beginWith(request, found, shown);
  }

  /** For a request whose session could not be loaded. */
  function withoutSession(
    error: unknown,
    request: RequestView,
    shown: Record<string, unknown> | undefined,
  ): Awaitable<RequestCycle<Data> | Response> {
    if (isStoreFailure(error)) return unavailable();
    if (!isUnreadable(error)) throw error;
    report(error, request);
    return beginAfresh(request, shown);
  }

  /** For a request that has no session of ours. */
  function beginAfresh(
    request: RequestView,
    shown: Record<string, unknown> | undefined,
  ): Awaitable<RequestCycle<Data> | Response> {
    if (former === undefined) return beginWith(request, null, shown);
    return unlessUnavailable(async () => {
      const exchanged = await exchangeFormer(former, request, manager, (error) => report(error, request));
      return beginWith(request, exchanged?.session ?? null, shown, exchanged?.removal);
    });
  }

  const refusal = (request: RequestView): Response | undefined =>
    isCrossSite(request) ? crossSiteRefusal() : undefined;

  return {
    refusal,
    beginsAtOnce: manager.load.atOnce === true && former === undefined,

    begin(request, shown) {
      const refused = refusal(request);
      if (refused !== undefined) return refused;
      const id = cookie.read(request);
      return id === undefined ? beginAfresh(request, shown) : load(request, id, shown);
    },
  };
}
