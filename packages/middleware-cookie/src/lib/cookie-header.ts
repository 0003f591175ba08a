import { blanksAfter, blanksBefore, trimBlanks } from "./trim-blanks.ts";

/**
 * The cookies of a `Cookie` header by name, values as they were sent: not percent-decoded, quotes kept.
 *
 * A name that occurs more than once is left out: which of two cookies was set by this site, and which was planted
 * by a sibling domain or another path, cannot be told from their order. Names are compared exactly, trimmed of
 * spaces and tabs only (trimming more, or decoding, lets one name pass for another: CVE-2026-39410, CVE-2020-8184).
 * What has no `=` is no cookie. Never throws.
 */
export function parseCookie(header: string | null | undefined): Record<string, string | undefined> {
  const cookies: Record<string, string | undefined> = Object.create(null);
  const repeated: string[] = [];
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    if (equals === -1) continue;
    const name = trimBlanks(pair, 0, equals);
    if (name in cookies) repeated.push(name);
    cookies[name] = trimBlanks(pair, equals + 1);
  }
  for (const name of repeated) delete cookies[name];
  return cookies;
}

/** One cookie's value, as {@link parseCookie} gives it, looking only at the pairs in which the name occurs at all. */
export function findCookie(header: string | null | undefined, name: string): string | undefined {
  if (!header) return undefined;
  let found: string | undefined;
  let end = -1;
  for (let at = header.indexOf(name); at > end; at = header.indexOf(name, end + 1)) {
    const start = blanksBefore(header, at);
    const equals = blanksAfter(header, at + name.length);
    end = header.indexOf(";", at);
    if (end === -1) end = header.length;
    // What was found may be part of another name, or of a value.
    if ((start > 0 && header[start - 1] !== ";") || header[equals] !== "=") continue;
    // And the name that was asked for may be one that no pair can have: with blanks at its ends, with "=" or ";" in it.
    if (trimBlanks(name) !== name || header.indexOf("=", at) !== equals || equals > end) continue;
    if (found !== undefined) return undefined;
    found = trimBlanks(header, equals + 1, end);
  }
  return found;
}
