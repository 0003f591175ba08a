// The hand-written minimum, without its store: what a session needs, and no call more.

/** The id in the one cookie named `sid`, where it has the shape of one. */
export function readId(request: Request): string | undefined {
  const header = request.headers.get("cookie");
  if (header === null) return undefined;
  let found: string | undefined;
  for (let at = header.indexOf("sid="); at !== -1; at = header.indexOf("sid=", at + 4)) {
    // The name may be the end of another one, or stand in another cookie's value.
    if (at > 0 && header[at - 1] !== ";" && header[at - 1] !== " ") continue;
    if (found !== undefined) return undefined;
    const end = header.indexOf(";", at);
    found = header.slice(at + 4, end === -1 ? undefined : end);
  }
  return found !== undefined && /^[A-Za-z0-9_-]{43}$/.test(found) ? found : undefined;
}

export function newId(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Under which the store keeps it. */
export function keyOf(id: string): string {
  return Bun.SHA256.hash(id, "base64url");
}

/** Seconds left, at or below which a session and its cookie are renewed: when a tenth of the ttl has passed. */
export const RENEW_BELOW = 0.9;

export function cookieOf(id: string, seconds: number): string {
  return `sid=${id}; Max-Age=${seconds}; Path=/; HttpOnly; Secure; SameSite=Lax`;
}

export const vary = { headers: { Vary: "Cookie" } };
