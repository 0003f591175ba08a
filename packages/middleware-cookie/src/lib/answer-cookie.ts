import { type CookieIdentity, isAbout } from "./hand-written-cookie.ts";

/** What is done to the headers of an answer: a web `Headers`, or as much of one as another kind of answer has. */
export type AnswerHeaders = Pick<Headers, "get" | "set" | "append" | "delete" | "getSetCookie">;

/**
 * The same answer with this cookie in place of any other word about it, not to be kept by any cache. The answer that
 * was passed in is left alone: the application may hand out one object to many requests, and a cookie put on that
 * would reach other people.
 */
export function withCookie(response: Response, identity: CookieIdentity, setCookie: string): Response {
  const answer = copyOf(response);
  putCookie(answer.headers, identity, setCookie);
  return answer;
}

/** Sets this cookie in place of any other word about it, and keeps the answer out of every cache. */
export function putCookie(headers: AnswerHeaders, identity: CookieIdentity, setCookie: string): void {
  const others = headers.getSetCookie().filter((header) => !isAbout(header, identity));
  headers.delete("set-cookie");
  for (const header of [...others, setCookie]) headers.append("set-cookie", header);
  // ASVS 5.0 14.2.2; CVE-2023-30861 is a shared cache that kept a session's cookie.
  headers.set("cache-control", "no-store");
}

/**
 * Bun keeps the type that a string body implies (text/plain) out of the headers, and only `clone()` takes it along;
 * `clone()` in turn would hold a stream in memory, and keep it from its end when the reader goes.
 */
function copyOf(response: Response): Response {
  if (response.headers.has("content-type")) return new Response(response.body, response);
  const copy = response.clone() as Response;
  // Where that was a stream, its other half is wanted by nobody. An error of it reaches the reader of the copy.
  response.body?.cancel().catch(() => undefined);
  return copy;
}

/** Tells caches that the answer depends on who is signed in (CVE-2026-35192). */
export function varyByCookie(headers: Pick<AnswerHeaders, "get" | "set">): void {
  const vary = headers.get("vary");
  if (!vary) headers.set("vary", "Cookie");
  else if (!/(^|,)\s*(cookie|\*)\s*(,|$)/i.test(vary)) headers.set("vary", `${vary}, Cookie`);
}
