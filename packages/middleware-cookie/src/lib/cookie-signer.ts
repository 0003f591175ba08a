import { createHmac, timingSafeEqual } from "node:crypto";
import { invalidOption, isSessionId, SessionError } from "@ventostack/auth-core";

export interface CookieSigningOptions {
  /**
   * Secrets that sign the cookie, the newest first: it signs, all of them verify. Each of at least 32 characters, random.
   * An id that none of them has signed never reaches the store. Default: not signed.
   */
  secrets?: readonly string[];
  /**
   * Whether a cookie without a signature counts as well: for the time in which browsers still hold those from before
   * signing was switched on. Default false.
   */
  acceptUnsigned?: boolean;
}

/** What the session's cookie holds: the id as it is, or `id.signature`. */
export interface CookieSigner {
  /** The cookie's value for the id. */
  seal(id: string): string;
  /** The id in a cookie's value; `undefined` where it has not the shape of one, or its signature does not hold. */
  open(value: string | undefined): string | undefined;
  /** Bytes of a value. */
  readonly length: number;
}

/** Characters of a session's id. An HMAC-SHA256 in base64url has the same shape. */
const ID_LENGTH = 43;

/** Bun's own takes a quarter of the time of `node:crypto`, which serves Node.js. */
const hmac: (secret: string, text: string) => string =
  typeof Bun === "undefined"
    ? (secret, text) => createHmac("sha256", secret).update(text).digest("base64url")
    : (secret, text) => new Bun.CryptoHasher("sha256", secret).update(text).digest("base64url");

/** Below this a secret is more likely a word than random. */
const MIN_SECRET_LENGTH = 32;

const unsigned: CookieSigner = {
  seal: (id) => id,
  open: (value) => (isSessionId(value) ? value : undefined),
  length: ID_LENGTH,
};

/** Throws `INVALID_OPTION`, which shows no secret. */
export function createCookieSigner(name: string, options: CookieSigningOptions): CookieSigner {
  const { secrets, acceptUnsigned = false } = options;
  if (typeof acceptUnsigned !== "boolean")
    throw invalidOption("acceptUnsigned", acceptUnsigned, "it must be true or false");
  if (!("secrets" in options)) {
    if (acceptUnsigned) throw new SessionError("INVALID_OPTION", "The option acceptUnsigned needs secrets.");
    return unsigned;
  }
  checkSecrets(secrets);
  // A name holds no "=": no other name with another id makes the same text.
  const signWith = (secret: string, id: string): string => hmac(secret, `${name}=${id}`);

  return {
    seal: (id) => `${id}.${signWith(secrets[0], id)}`,

    open(value) {
      if (acceptUnsigned && isSessionId(value)) return value;
      if (value?.[ID_LENGTH] !== ".") return undefined;
      const id = value.slice(0, ID_LENGTH);
      const signature = value.slice(ID_LENGTH + 1);
      if (!isSessionId(id) || !isSessionId(signature)) return undefined;
      const given = Buffer.from(signature);
      return secrets.some((secret) => timingSafeEqual(Buffer.from(signWith(secret, id)), given))
        ? id
        : undefined;
    },

    length: 2 * ID_LENGTH + 1,
  };
}

/** `undefined` is refused too: a setting that is missing must not switch signing off in silence. */
function checkSecrets(secrets: unknown): asserts secrets is readonly [string, ...string[]] {
  const refuse = (what: string): never => {
    throw new SessionError(
      "INVALID_OPTION",
      `${what}; secrets must be an array of strings of at least ${MIN_SECRET_LENGTH} characters, the newest first.`,
    );
  };
  if (!Array.isArray(secrets))
    refuse(`The option secrets is ${secrets === undefined ? "undefined" : "no array"}`);
  const list = secrets as readonly unknown[];
  if (list.length === 0) refuse("The option secrets is empty");
  for (const [index, secret] of list.entries()) {
    if (typeof secret !== "string") refuse(`The option secrets[${index}] is no string`);
    else if (secret.length < MIN_SECRET_LENGTH)
      refuse(`The option secrets[${index}] has ${secret.length} characters`);
  }
}
