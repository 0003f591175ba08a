import {
  invalidOption,
  isRefreshDue,
  type Session,
  SessionError,
  type SessionManager,
} from "@ventostack/auth-core";
import { varyByCookie, withCookie } from "./answer-cookie.ts";
import { readHandWritten } from "./hand-written-cookie.ts";
import { createRequestSession, type RequestSession } from "./request-session.ts";
import { createSessionCookie, type SessionCookieOptions } from "./session-cookie.ts";
import { isStoreFailure, unavailable } from "./unavailable.ts";

export interface RequestCycleOptions extends SessionCookieOptions {
  /**
   * Told of what did not stop the request: a record that cannot be read (the request goes on signed out), a session
   * that could not be extended (the answer goes out as it is). Never holds an id. Default: `console.error`.
   */
  onFailure?: (error: unknown, request: Request) => void;
}

/** One request's way through the session: begun before the handler, committed with its answer. */
export interface RequestCycle<Data extends object> {
  readonly session: RequestSession<Data>;
  /**
   * The answer with its headers: the cookie where it changed or is due, `Vary`. To be sent only once this has
   * resolved. `error` is what the handler threw, where the answer stands for that.
   */
  commit(response: Response, error?: unknown): Promise<Response>;
}

/** What every framework's plugin is made of. */
export interface RequestCycles<Data extends object> {
  /**
   * Loads the request's session: no store call without a cookie of an id's shape, one with. `onChange` is told the
   * session, now and whenever it changes. A `Response` instead: the store is down, and that is the answer.
   */
  begin(
    request: Request,
    onChange: (current: Session<Data> | null) => void,
  ): Promise<RequestCycle<Data> | Response>;
}

export function createRequestCycles<Data extends object>(
  manager: SessionManager<Data>,
  options: RequestCycleOptions,
): RequestCycles<Data> {
  const { clock, cookieName, ttl, absoluteTtl } = manager.options;
  const cookie = createSessionCookie(manager.options, options);
  const { onFailure = (error: unknown) => console.error("[session]", error) } = options;
  if (typeof onFailure !== "function") throw invalidOption("onFailure", onFailure, "it must be a function");

  /** The live session, if any. One whose record cannot be read counts as none. */
  async function load(id: string | undefined, request: Request): Promise<Session<Data> | null> {
    if (id === undefined) return null;
    try {
      return await manager.get(id);
    } catch (error) {
      // Whoever has such a record must be able to sign in again rather than be locked out.
      if (!(error instanceof SessionError && error.code === "CORRUPT_RECORD")) throw error;
      onFailure(error, request);
      return null;
    }
  }

  /** The `Set-Cookie` that the answer needs, or `undefined`. */
  async function nextCookie(
    request: Request,
    response: Response,
    loaded: Session<Data> | null,
    session: ReturnType<typeof createRequestSession<Data>>,
  ): Promise<string | undefined> {
    const byHand = readHandWritten(response.headers, cookieName, clock());
    if (byHand === "clear") return cookie.clear(request);
    if (byHand !== undefined) return adopt(request, byHand.id, loaded);
    if (session.cookieChange === "clear") return cookie.clear(request);
    const { current } = session;
    if (current === null) return undefined;
    if (session.cookieChange === "issue") return cookie.issue(request, current.id, current.expiresAt);
    return isRefreshDue(current, clock(), manager.options) ? refresh(request, current.id) : undefined;
  }

  /**
   * A handler that signs in by hand gets the attributes that let the browser send the cookie everywhere and lets this
   * middleware renew and remove it; and, as with `create`, the session that the request came with ends.
   */
  async function adopt(request: Request, id: string, loaded: Session<Data> | null): Promise<string> {
    if (loaded !== null && loaded.id !== id) await manager.destroy(loaded.id);
    // When it ends is in the store; a cookie that outlives its session opens nothing.
    return cookie.issue(request, id, clock() + Math.min(ttl, absoluteTtl ?? ttl) * 1000);
  }

  /** Of several requests at once one extends the session and renews the cookie; none where it has ended meanwhile. */
  async function refresh(request: Request, id: string): Promise<string | undefined> {
    try {
      const refreshed = await manager.refreshIfDue(id);
      return refreshed?.extended ? cookie.issue(request, id, refreshed.session.expiresAt) : undefined;
    } catch (error) {
      // The handler's work is done and its answer true: it goes out, and a later request extends the session.
      onFailure(error, request);
      return undefined;
    }
  }

  return {
    async begin(request, onChange) {
      let loaded: Session<Data> | null;
      try {
        loaded = await load(cookie.read(request), request);
      } catch (error) {
        if (isStoreFailure(error)) return unavailable();
        throw error;
      }
      if (loaded !== null) onChange(loaded);
      const session = createRequestSession(manager, loaded, onChange);

      return {
        session,
        async commit(response, error) {
          // An answer that the application chose for this very failure stands.
          if (isStoreFailure(error) && response.status === 500) return unavailable();
          try {
            const setCookie = await nextCookie(request, response, loaded, session);
            const answer = setCookie === undefined ? response : withCookie(response, cookieName, setCookie);
            varyByCookie(answer.headers);
            return answer;
          } catch (failure) {
            if (isStoreFailure(failure)) return unavailable();
            throw failure;
          }
        },
      };
    },
  };
}
