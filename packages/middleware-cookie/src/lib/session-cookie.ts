import { invalidOption, isSessionId, type ResolvedSessionOptions } from "@ventostack/auth-core";
import { findCookie } from "./cookie-header.ts";
import { type CookieSigningOptions, createCookieSigner } from "./cookie-signer.ts";
import type { RequestView } from "./request-view.ts";
import {
  type CookieAttributes,
  checkPairSize,
  MAX_AGE_LIMIT,
  secureNeededBy,
  serializeAttributes,
} from "./set-cookie.ts";

export interface SessionCookieOptions
  extends Omit<CookieAttributes, "maxAge" | "secure" | "httpOnly">,
    CookieSigningOptions {
  /**
   * `true` (default) for a site on https; browsers but Safari take such a cookie from http://localhost too. `"auto"` leaves
   * `Secure` out where the request is known to have come over plain http, `false` always does.
   */
  secure?: boolean | "auto";
  /**
   * Whether `X-Forwarded-Proto: https` counts as https for `secure: "auto"`, and `X-Forwarded-Host` as the host that
   * `Origin` has to be. Only behind a proxy that sets those headers itself. Default false.
   */
  trustProxy?: boolean;
}

/** Reads and writes the one cookie that carries a session's id. */
export interface SessionCookie {
  /**
   * The id in the request's cookie; `undefined` unless there is exactly one cookie of the name, with an id's shape and,
   * where cookies are signed, a signature that holds.
   */
  read(request: RequestView): string | undefined;
  /** The id in a cookie's value that a handler wrote: one of ours, or the id as it is. */
  idIn(value: string): string | undefined;
  /** The `Set-Cookie` value that hands out the id until `expiresAt` (milliseconds). */
  issue(request: RequestView, id: string, expiresAt: number): string;
  /** The `Set-Cookie` value that removes the cookie, with the attributes that it was set with. */
  clear(request: RequestView): string;
}

/** Throws `INVALID_OPTION` on attributes that a browser would refuse. */
export function createSessionCookie(
  { cookieName: name, clock }: Pick<ResolvedSessionOptions, "cookieName" | "clock">,
  options: SessionCookieOptions = {},
): SessionCookie {
  const { secure = true, trustProxy = false, path, domain, sameSite, partitioned } = options;
  if (typeof trustProxy !== "boolean")
    throw invalidOption("trustProxy", trustProxy, "it must be true or false");
  const given: CookieAttributes = {
    ...(path !== undefined && { path }),
    ...(domain !== undefined && { domain }),
    ...(sameSite !== undefined && { sameSite }),
    ...(partitioned !== undefined && { partitioned }),
  };
  const cause = secureNeededBy(name, given);
  if (secure === "auto" && cause !== undefined) {
    throw invalidOption(
      "secure",
      secure,
      `browsers refuse a cookie with ${cause} without Secure: set it to true`,
    );
  }
  // Checked once, here: a value and an age are all that differ later.
  const signer = createCookieSigner(name, options);
  checkPairSize(name, signer.length);
  const plain = serializeAttributes(name, { ...given, secure: secure === "auto" ? false : secure });
  const secured = secure === "auto" ? serializeAttributes(name, { ...given, secure: true }) : plain;

  function attributesFor(request: RequestView): string {
    return secure === "auto" && !isPlainHttp(request, trustProxy) ? secured : plain;
  }

  return {
    read: (request) => signer.open(findCookie(request.headers.get("cookie"), name)),

    idIn: (value) => (isSessionId(value) ? value : signer.open(value)),

    issue(request, id, expiresAt) {
      // Rounded up: the browser must not drop the cookie while the session lives.
      const maxAge = Math.min(Math.max(Math.ceil((expiresAt - clock()) / 1000), 0), MAX_AGE_LIMIT);
      return `${name}=${signer.seal(id)}; Max-Age=${maxAge}${attributesFor(request)}`;
    },

    clear: (request) => `${name}=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT${attributesFor(request)}`,
  };
}

/**
 * Whether the request is known to have come over plain http: where Bun could make no URL of it (an unusable `Host`),
 * it is not. A proxy's word may add to what is known of the connection, never take from it.
 */
function isPlainHttp(request: RequestView, trustProxy: boolean): boolean {
  if (!request.url.startsWith("http:")) return false;
  // A list grows on its right: the leftmost entry is what the browser used.
  const forwarded = trustProxy ? request.headers.get("x-forwarded-proto") : null;
  return forwarded?.split(",")[0]?.trim().toLowerCase() !== "https";
}
