import type { Session, SessionManager } from "@ventostack/auth-core";

/** The answer to a request whose session is not fresh; `undefined` where it is. */
export type FreshnessCheck = (session: Session<object> | null) => Response | undefined;

/**
 * For what should not be open to whoever finds a browser that was left signed in (ASVS 5.0 7.5.1, 7.5.3): 401 where nobody
 * is signed in, 403 where the user has proved who they are more than this many seconds ago. Throws `INVALID_OPTION`.
 */
export function createFreshnessCheck<Data extends object>(
  manager: SessionManager<Data>,
  maxAgeSeconds: number,
): FreshnessCheck {
  // Looked at here, for a mistake to show when the route is made rather than when it is used.
  manager.isFresh(null, maxAgeSeconds);
  return (session) => {
    if (session === null) return refuse(401, "You are not signed in.");
    if (manager.isFresh(session, maxAgeSeconds)) return undefined;
    return refuse(403, "You signed in too long ago for this: prove again who you are.");
  };
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: { "Cache-Control": "no-store" } });
}
