import { error, type Finding, note, ok, warning } from "./finding.ts";

export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** By their names in lower case; the value of one that has none is the empty text. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** As a browser takes it apart (RFC 6265bis 5.6). */
export function parseSetCookie(header: string): SetCookie {
  const [pair = "", ...rest] = header.split(";");
  const [name, value] = halves(pair);
  return {
    name,
    value,
    attributes: new Map(rest.map((text) => halves(text)).map(([key, text]) => [key.toLowerCase(), text])),
  };
}

function halves(text: string): [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text.trim(), ""] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** 400 days, after which browsers drop any cookie. */
const LONGEST = 400 * 24 * 60 * 60;

/** `isPlain`: it came over http, from this machine or another. */
export function examineSetCookie({ name, attributes }: SetCookie, isPlain: boolean): Finding[] {
  const found: Finding[] = [];
  const prefix = /^__(Host|Secure)-/i.exec(name)?.[0];
  if (!attributes.has("httponly")) {
    found.push(error("cookie-httponly", "The cookie lacks HttpOnly: any script on the page can read it."));
  }
  if (!attributes.has("secure") && !isPlain) {
    found.push(
      error(
        "cookie-secure",
        "The cookie lacks Secure: a browser sends it over plain http, where it can be read.",
      ),
    );
  }
  if (!attributes.has("secure") && isPlain) {
    const message = "The cookie lacks Secure, as it may on plain http; look again at the https address.";
    found.push((prefix === undefined ? note : error)("cookie-secure", message));
  }
  found.push(...examineSameSite(attributes), ...examinePath(attributes, prefix), ...examineAge(attributes));
  if (attributes.has("domain")) {
    const message = `The cookie has Domain=${attributes.get("domain")}: every host below it gets the session, and can set one.`;
    const isFatal = /^__Host-$/i.test(prefix ?? "");
    found.push((isFatal ? error : warning)("cookie-domain", message, "Leave Domain out."));
  }
  if (prefix === undefined && !isPlain) {
    const message =
      "The cookie's name has no __Host- prefix: another host of the domain can set one of that name.";
    found.push(note("cookie-prefix", message, 'Use cookieName: "__Host-sid".'));
  }
  return found.length > 0 ? found : [ok("cookie", `The cookie ${name} is set as it should be.`)];
}

function examineSameSite(attributes: SetCookie["attributes"]): Finding[] {
  const sameSite = attributes.get("samesite")?.toLowerCase();
  if (sameSite === "lax" || sameSite === "strict") return [];
  const message =
    sameSite === "none"
      ? "The cookie has SameSite=None: every site can make requests with the user's session."
      : "The cookie has no SameSite: what it means differs between browsers.";
  return [warning("cookie-samesite", message, "Set SameSite=Lax or Strict.")];
}

function examinePath(attributes: SetCookie["attributes"], prefix: string | undefined): Finding[] {
  const path = attributes.get("path");
  if (path === "/") return [];
  const isFatal = /^__Host-$/i.test(prefix ?? "");
  if (path?.startsWith("/") && !isFatal) {
    return [warning("cookie-path", `The cookie has Path=${path}: pages elsewhere do not get it.`)];
  }
  const message =
    "The cookie has no Path=/: the browser sends it only to addresses beside the one that set it.";
  return [error("cookie-path", message, "Set Path=/.")];
}

function examineAge(attributes: SetCookie["attributes"]): Finding[] {
  const text = attributes.get("max-age");
  if (text === undefined) {
    if (attributes.has("expires")) return [];
    return [note("cookie-age", "The cookie has no Max-Age: the browser may drop it when it is closed.")];
  }
  const age = Number(text);
  if (!Number.isInteger(age)) {
    return [error("cookie-age", `The cookie has Max-Age=${text}, which is no number of seconds.`)];
  }
  if (age <= LONGEST) return [];
  return [warning("cookie-age", "The cookie's Max-Age is above 400 days, which is when browsers drop it.")];
}
