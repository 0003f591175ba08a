import { COOKIE_NAME_RULE, invalidOption, isCookieName, SessionError } from "@ventostack/auth-core";

export interface CookieAttributes {
  /** Seconds that the browser keeps the cookie: a whole number from 0 (remove it) to 400 days. Default: until it is closed. */
  maxAge?: number;
  /** Default `"/"`. Without it a cookie set at `/auth/login` would be sent to `/auth/*` only. */
  path?: string;
  /** Default: the host that set it, and no subdomain. */
  domain?: string;
  /** Default true. */
  httpOnly?: boolean;
  /** Default true. */
  secure?: boolean;
  /** Default `"Lax"`. */
  sameSite?: "Strict" | "Lax" | "None";
  /** Default false. */
  partitioned?: boolean;
}

/** RFC 6265bis 5.6: what browsers refuse or cut. */
const MAX_PAIR_BYTES = 4096;
const MAX_ATTRIBUTE_BYTES = 1024;
export const MAX_AGE_LIMIT: number = 400 * 24 * 60 * 60;

const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
/** Visible ASCII but the semicolon, which would begin another attribute (CVE-2024-47764). No URL's path holds a space. */
const PATH = /^\/[\x21-\x3a\x3c-\x7e]*$/;
const DOMAIN = /^\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/**
 * A `Set-Cookie` header's value. The value is sent as it is and has to consist of the characters that RFC 6265
 * allows. Throws `INVALID_OPTION` on anything that a browser would refuse, cut or misread: see
 * {@link serializeAttributes}, and a name and value of more than 4096 bytes together.
 */
export function serializeCookie(name: string, value: string, attributes: CookieAttributes = {}): string {
  const serialized = serializeAttributes(name, attributes);
  if (typeof value !== "string" || !VALUE.test(value)) {
    // Not shown: a cookie's value may be a secret.
    throw new SessionError(
      "INVALID_OPTION",
      `The value of the cookie ${JSON.stringify(name)} has a character that no cookie may hold; encode it first.`,
    );
  }
  checkPairSize(name, value.length);
  return `${name}=${value}${serialized}`;
}

/** Throws `INVALID_OPTION` where the name and a value of this many bytes make a cookie that browsers ignore. */
export function checkPairSize(name: string, valueBytes: number): void {
  const bytes = name.length + valueBytes;
  if (bytes <= MAX_PAIR_BYTES) return;
  throw new SessionError(
    "INVALID_OPTION",
    `The name and the value of a cookie are ${bytes} bytes long together; browsers take ${MAX_PAIR_BYTES}.`,
  );
}

/**
 * What follows the value, from `; ` on. Throws `INVALID_OPTION` naming the attribute: on a name, path or domain that
 * could end the attribute or the header; a prefix, `SameSite=None` or `Partitioned` without `Secure`; `__Host-` with a
 * domain or a path other than `/`; a `maxAge` that is not whole, negative or beyond 400 days (RFC 6265bis 4.1, 5.6).
 */
export function serializeAttributes(name: string, attributes: CookieAttributes = {}): string {
  const {
    maxAge,
    path = "/",
    domain,
    httpOnly = true,
    secure = true,
    sameSite = "Lax",
    partitioned = false,
  } = attributes;
  if (!isCookieName(name)) throw invalidOption("name", name, COOKIE_NAME_RULE);
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= 0 && maxAge <= MAX_AGE_LIMIT)) {
    throw invalidOption(
      "maxAge",
      maxAge,
      `it must be a whole number of seconds from 0 to ${MAX_AGE_LIMIT} (400 days)`,
    );
  }
  checkText("path", path, PATH, "it must begin with / and hold visible ASCII without semicolons");
  if (domain !== undefined) checkText("domain", domain, DOMAIN, "it must be a host name");
  if (!["Strict", "Lax", "None"].includes(sameSite)) {
    throw invalidOption("sameSite", sameSite, 'it must be "Strict", "Lax" or "None"');
  }
  for (const [option, value] of Object.entries({ httpOnly, secure, partitioned })) {
    if (typeof value !== "boolean") throw invalidOption(option, value, "it must be true or false");
  }
  checkTogether(name, { ...attributes, path, httpOnly, secure, sameSite, partitioned });

  return [
    maxAge !== undefined && `Max-Age=${maxAge}`,
    domain !== undefined && `Domain=${domain}`,
    `Path=${path}`,
    httpOnly && "HttpOnly",
    secure && "Secure",
    `SameSite=${sameSite}`,
    partitioned && "Partitioned",
  ]
    .filter((attribute) => attribute !== false)
    .map((attribute) => `; ${attribute}`)
    .join("");
}

function checkText(option: string, value: unknown, shape: RegExp, wanted: string): void {
  if (typeof value !== "string" || !shape.test(value)) throw invalidOption(option, value, wanted);
  if (value.length > MAX_ATTRIBUTE_BYTES) {
    throw new SessionError(
      "INVALID_OPTION",
      `The option ${option} is ${value.length} bytes long; browsers ignore it beyond ${MAX_ATTRIBUTE_BYTES}.`,
    );
  }
}

/** What of a cookie makes browsers refuse it without `Secure`. They know the prefixes in any case of their letters. */
export function secureNeededBy(
  name: string,
  { sameSite, partitioned }: Pick<CookieAttributes, "sameSite" | "partitioned">,
): string | undefined {
  return prefixOf(name) ?? (sameSite === "None" ? "SameSite=None" : partitioned ? "Partitioned" : undefined);
}

function prefixOf(name: string): string | undefined {
  return /^__(?:Host-Http|Host|Secure|Http)-/i.exec(name)?.[0];
}

function checkTogether(name: string, attributes: CookieAttributes): void {
  const refuse = (option: keyof CookieAttributes, what: string, remedy: string): never => {
    throw invalidOption(option, attributes[option], `browsers refuse a cookie with ${what}: ${remedy}`);
  };
  const cause = secureNeededBy(name, attributes);
  if (cause !== undefined && !attributes.secure)
    refuse("secure", `${cause} without Secure`, "set it to true");
  const prefix = prefixOf(name);
  if (prefix === undefined) return;
  if (/http-$/i.test(prefix) && !attributes.httpOnly) {
    refuse("httpOnly", `${prefix} without HttpOnly`, "set it to true");
  }
  if (!/^__host-/i.test(prefix)) return;
  if (attributes.domain !== undefined) refuse("domain", `${prefix} and a Domain`, "leave it out");
  if (attributes.path !== "/") refuse("path", `${prefix} and another Path than "/"`, "leave it out");
}
