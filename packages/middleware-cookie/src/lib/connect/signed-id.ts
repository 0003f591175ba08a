import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * The id in the cookie of an express-session, `s:<id>.<signature>`, percent-encoded; `undefined` unless one of the secrets
 * has signed it.
 */
export function readSignedId(value: string | undefined, secrets: readonly string[]): string | undefined {
  const text = decode(value ?? "");
  if (!text.startsWith("s:")) return undefined;
  const end = text.lastIndexOf(".");
  if (end < "s:".length + 1) return undefined;
  const id = text.slice("s:".length, end);
  const given = Buffer.from(text.slice(end + 1));
  const isSigned = (secret: string): boolean => {
    const wanted = Buffer.from(createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, ""));
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
  return secrets.some(isSigned) ? id : undefined;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Not what express-session has written.
    return "";
  }
}
