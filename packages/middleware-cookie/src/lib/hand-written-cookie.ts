import { isSessionId } from "@ventostack/auth-core";
import { trimBlanks } from "./trim-blanks.ts";

/** What a handler wrote by hand about the session's cookie. */
export type HandWritten = { readonly id: string } | "clear";

const MAX_AGE = /^[ \t]*max-age[ \t]*=[ \t]*(-?\d+)[ \t]*$/i;
/** With a month's name: `Date.parse` takes a bare number for a year, browsers take it for nothing. */
const EXPIRES = /^[ \t]*expires[ \t]*=(.*[a-z]{3}.*)$/i;

/**
 * The last `Set-Cookie` of that name in the answer: an id to hand out, or a removal. `undefined` when there is
 * none, or its value is neither. `now` in milliseconds.
 */
export function readHandWritten(headers: Headers, name: string, now: number): HandWritten | undefined {
  if (!headers.has("set-cookie")) return undefined;
  const header = headers.getSetCookie().findLast((candidate) => setCookieName(candidate) === name);
  if (header === undefined) return undefined;
  const [pair = "", ...attributes] = header.split(";");
  const value = trimBlanks(pair, pair.indexOf("=") + 1);
  if (value === "" || isPast(attributes, now)) return "clear";
  return isSessionId(value) ? { id: value } : undefined;
}

/** The name of the cookie that a `Set-Cookie` value sets, as browsers read it (RFC 6265bis 5.6). */
export function setCookieName(header: string): string {
  return trimBlanks(header, 0, Math.max(header.indexOf("="), 0));
}

/** RFC 6265bis 5.7: `Max-Age` counts before `Expires`, and the last of each before the others. */
function isPast(attributes: readonly string[], now: number): boolean {
  const last = (shape: RegExp): string | undefined =>
    attributes.map((attribute) => shape.exec(attribute)?.[1]).findLast((value) => value !== undefined);
  const maxAge = last(MAX_AGE);
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  return Date.parse(last(EXPIRES) ?? "") <= now;
}
