export { findCookie, parseCookie } from "./lib/cookie-header.ts";
export type { CookieSigningOptions } from "./lib/cookie-signer.ts";
export type { CrossSiteOptions } from "./lib/cross-site.ts";
export { type CrossSiteProtection, createCrossSiteProtection } from "./lib/cross-site-protection.ts";
export type { DeviceReader } from "./lib/request-device.ts";
export type { RequestSession } from "./lib/request-session.ts";
export type { RequestView } from "./lib/request-view.ts";
export type { SessionCookieOptions } from "./lib/session-cookie.ts";
export {
  createSessionMiddleware,
  type RouteMiddleware,
  type SessionContext,
  type SessionMiddleware,
  type SessionMiddlewareOptions,
} from "./lib/session-middleware.ts";
export { type CookieAttributes, serializeCookie } from "./lib/set-cookie.ts";
