import { trimBlanks } from "./trim-blanks.ts";

/** What a handler wrote by hand about the session's cookie. */
export type HandWritten = { readonly id: string } | "clear";

const MAX_AGE = /^[ \t]*max-age[ \t]*=[ \t]*(-?\d+)[ \t]*$/i;
const PATH = /^[ \t]*path[ \t]*=[ \t]*(.*?)[ \t]*$/i;
const DOMAIN = /^[ \t]*domain[ \t]*=[ \t]*\.?(.*?)[ \t]*$/i;
/** With a month's name: `Date.parse` takes a bare number for a year, browsers take it for nothing. */
const EXPIRES = /^[ \t]*expires[ \t]*=(.*[a-z]{3}.*)$/i;

/**
 * The last `Set-Cookie` about the session in the answer: an id to hand out, or a removal. `undefined` when there is
 * none, or its value is neither. `now` in milliseconds.
 */
export function readHandWritten(
  headers: Pick<Headers, "getSetCookie">,
  identity: CookieIdentity,
  now: number,
): HandWritten | undefined {
  const header = headers.getSetCookie().findLast((candidate) => isAbout(candidate, identity));
  if (header === undefined) return undefined;
  const [pair = "", ...attributes] = header.split(";");
  const value = trimBlanks(pair, pair.indexOf("=") + 1);
  if (value === "" || isPast(attributes, now)) return "clear";
  const id = identity.idIn(value);
  return id === undefined ? undefined : { id };
}

/** The cookie that a `Set-Cookie` value sets or removes: another path or domain makes it another cookie. */
export interface CookieIdentity {
  readonly name: string;
  readonly path: string;
  readonly domain: string | undefined;
  /** The id that a cookie of this value would hand out. */
  readonly idIn: (value: string) => string | undefined;
}

/**
 * Whether the `Set-Cookie` value is about the session. One that holds an id is, wherever it was to be sent: whoever
 * wrote that signs somebody in. So is one without a path or domain. One without an id for another path or domain is not:
 * that removes a cookie from before, which is another one (RFC 6265bis 5.7).
 */
export function isAbout(header: string, { name, path, domain = "", idIn }: CookieIdentity): boolean {
  const [pair = "", ...attributes] = header.split(";");
  const equals = Math.max(pair.indexOf("="), 0);
  if (trimBlanks(pair, 0, equals) !== name) return false;
  if (idIn(trimBlanks(pair, equals + 1)) !== undefined) return true;
  // Browsers take a path that does not begin with a slash for none.
  const writtenPath = last(attributes, PATH) ?? path;
  if (writtenPath.startsWith("/") && writtenPath !== path) return false;
  const writtenDomain = last(attributes, DOMAIN) ?? "";
  return writtenDomain === "" || writtenDomain.toLowerCase() === domain.replace(/^\./, "").toLowerCase();
}

/** The value of the last attribute of that shape, which is the one that counts. */
function last(attributes: readonly string[], shape: RegExp): string | undefined {
  return attributes.map((attribute) => shape.exec(attribute)?.[1]).findLast((value) => value !== undefined);
}

/** RFC 6265bis 5.7: `Max-Age` counts before `Expires`, and the last of each before the others. */
function isPast(attributes: readonly string[], now: number): boolean {
  const maxAge = last(attributes, MAX_AGE);
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  return Date.parse(last(attributes, EXPIRES) ?? "") <= now;
}
