import { invalidOption, SessionError } from "@ventostack/auth-core";
import type { RequestView } from "./request-view.ts";

export interface CrossSiteOptions {
  /**
   * Origins, such as `"https://accounts.example"`, whose pages may send unsafe requests here as well: scheme, host and
   * a port that is not the scheme's own. Default: none.
   */
  trustedOrigins?: readonly string[];
  /**
   * Whether `X-Forwarded-Host` and `X-Forwarded-Proto` tell the host and the scheme that the browser asked for. Only
   * behind a proxy that sets those headers itself. Default false.
   */
  trustProxy?: boolean;
}

/** RFC 9110 9.2.1, without TRACE: by these nobody acts, so that pages of other sites may send them. */
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** A scheme and a host; with http and https as well what `URL` makes of it has to be the same. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.:[\]_-]+$/;

/**
 * Whether the page of another site made the browser send this request, so that a session's cookie in it says nothing
 * about what its user wants (ASVS 5.0 3.5.1 to 3.5.3). Only unsafe methods count, and WebSocket handshakes, which are
 * GETs that cookies open as well.
 *
 * Browsers say it themselves, in `Sec-Fetch-Site`; older ones, and all on plain http, send `Origin`, which has to be the
 * host that was asked. A request with neither comes from no browser: nothing but its sender chose its cookies.
 *
 * Throws `INVALID_OPTION` on a trusted origin that no browser would send.
 */
export function createCrossSiteCheck(options: CrossSiteOptions = {}): (request: RequestView) => boolean {
  const { trustedOrigins = [], trustProxy = false } = options;
  if (typeof trustProxy !== "boolean")
    throw invalidOption("trustProxy", trustProxy, "it must be true or false");
  if (!Array.isArray(trustedOrigins))
    throw invalidOption("trustedOrigins", trustedOrigins, "it must be an array of origins");
  trustedOrigins.forEach(checkOrigin);
  const trusted = new Set<string>(trustedOrigins);

  return (request) => {
    const { method, headers } = request;
    if (SAFE_METHODS.has(method) && !asksForWebSocket(headers)) return false;
    const site = headers.get("sec-fetch-site");
    if (site === "same-origin" || site === "none") return false;
    const origin = headers.get("origin");
    if (origin !== null && trusted.has(origin)) return false;
    if (site) return true;
    return origin !== null && !isOwnOrigin(origin, request, trustProxy);
  };
}

function checkOrigin(origin: unknown, index: number): void {
  const isOne =
    typeof origin === "string" &&
    ORIGIN.test(origin) &&
    (!/^https?:/.test(origin) || URL.parse(origin)?.origin === origin);
  if (isOne) return;
  throw invalidOption(
    `trustedOrigins[${index}]`,
    origin,
    'it must be an origin as browsers send it, such as "https://app.example" or "http://localhost:3000"',
  );
}

function asksForWebSocket(headers: Pick<Headers, "get">): boolean {
  const upgrade = headers.get("upgrade");
  return upgrade !== null && /(^|,)[ \t]*websocket[ \t]*(,|\/|$)/i.test(upgrade);
}

/**
 * The same host and port. The scheme as far as it is known: a request that came over https was sent by no page of plain
 * http, but one that arrives by plain http may have come over https to a proxy.
 */
function isOwnOrigin(origin: string, request: RequestView, trustProxy: boolean): boolean {
  const parsed = URL.parse(origin);
  // "null" is what a page says that hides where it comes from: a sandboxed frame, a data: URL.
  if (parsed === null || parsed.origin !== origin) return false;
  const { protocol, host } = addressOf(request, trustProxy);
  if (protocol === "https:" && parsed.protocol !== "https:") return false;
  // Under the origin's scheme: a port that is that scheme's own may be written on either side.
  return URL.parse(`${parsed.protocol}//${host}`)?.host === parsed.host;
}

function addressOf(
  request: RequestView,
  trustProxy: boolean,
): { protocol: string; host: string | undefined } {
  const { url, headers } = request;
  const forwarded = (name: string): string | undefined =>
    // A list grows on its right: the leftmost entry is what the browser used.
    (trustProxy ? headers.get(name) : null)?.split(",")[0]?.trim() || undefined;
  const isSecure = url.startsWith("https:") || forwarded("x-forwarded-proto")?.toLowerCase() === "https";
  return {
    protocol: isSecure ? "https:" : "http:",
    host: forwarded("x-forwarded-host") ?? headers.get("host") ?? URL.parse(url)?.host,
  };
}

/** The check that `crossSite` asks for. Trusted origins beside `"allow"` would look like protection, and are refused. */
export function createOptionalCrossSiteCheck(
  options: CrossSiteOptions & { readonly crossSite?: unknown },
): (request: RequestView) => boolean {
  const { crossSite = "refuse", trustedOrigins } = options;
  if (crossSite !== "refuse" && crossSite !== "allow")
    throw invalidOption("crossSite", crossSite, 'it must be "refuse" or "allow"');
  const check = createCrossSiteCheck(options);
  if (crossSite === "refuse") return check;
  if (trustedOrigins === undefined) return () => false;
  throw new SessionError(
    "INVALID_OPTION",
    'crossSite: "allow" trusts every origin: leave trustedOrigins out.',
  );
}

/** The answer to a request from another site. */
export function crossSiteRefusal(): Response {
  return Response.json(
    { error: "This request came from another site, and was refused." },
    { status: 403, headers: { "Cache-Control": "no-store" } },
  );
}
