/** RFC 6265bis 4.1.1: a cookie's name is a token. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What an error says of a name that is none. */
export const COOKIE_NAME_RULE = "it must be letters, digits and any of !#$%&'*+-.^_`|~";

/** Whether a cookie may have this name. */
export function isCookieName(value: unknown): value is string {
  return typeof value === "string" && TOKEN.test(value);
}
