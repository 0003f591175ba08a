import { checkOptionNames } from "@ventostack/auth-core";
import { type CrossSiteOptions, createCrossSiteCheck, crossSiteRefusal } from "./cross-site.ts";
import type { RequestView } from "./request-view.ts";

const names: Record<keyof CrossSiteOptions, true> = { trustedOrigins: true, trustProxy: true };

/** Middleware of the `(ctx, next)` style. */
export type CrossSiteProtection = (
  ctx: { readonly request: RequestView },
  next: () => Promise<Response | undefined>,
) => Promise<Response | undefined>;

/**
 * Answers 403 to unsafe requests that pages of other sites make browsers send, and to their WebSocket handshakes. The
 * session middleware does so by itself: this is for routes to which browsers prove who their user is in another way,
 * such as Basic authentication, a client certificate, or being in the right network.
 *
 * Throws `INVALID_OPTION` on a trusted origin that no browser would send.
 */
export function createCrossSiteProtection(options: CrossSiteOptions = {}): CrossSiteProtection {
  checkOptionNames(options, Object.keys(names));
  const isCrossSite = createCrossSiteCheck(options);
  return async ({ request }, next) => (isCrossSite(request) ? crossSiteRefusal() : next());
}
