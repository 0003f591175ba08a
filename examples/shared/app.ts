export { listed } from "./listed.ts";

/** What the applications keep in a session: who it is, and whatever PATCH /me adds. */
export interface AppSession {
  userId: string;
  role: "admin" | "user";
  [note: string]: unknown;
}

export interface Settings {
  readonly port: number;
  /** The URL of the store. */
  readonly store: string;
  /** Seconds. */
  readonly ttl: number;
}

/** What is empty counts as not set: that is how it comes out of many a configuration. */
export function readSettings({
  PORT,
  SESSION_STORE,
  SESSION_TTL,
}: Record<string, string | undefined>): Settings {
  return {
    port: Number(PORT || 3000),
    store: SESSION_STORE || "memory:",
    ttl: Number(SESSION_TTL || 3600),
  };
}

/** Bytes that a body may have: what PATCH /me sends is kept in the session, and that in memory. */
export const BODY_LIMIT = 64 * 1024;

/** The text where it is a JSON object, otherwise null. */
export function parseObject(text: unknown): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(String(text));
    return typeof body === "object" && !Array.isArray(body) ? (body as Record<string, unknown> | null) : null;
  } catch {
    // Whatever is wrong with it, the answer is 400.
    return null;
  }
}

/** E-mail and password where the text has both, otherwise null. */
export function parseCredentials(text: unknown): { email: string; password: string } | null {
  const { email, password } = parseObject(text) ?? {};
  if (typeof email !== "string" || typeof password !== "string") return null;
  return email === "" || password === "" ? null : { email, password };
}

/** What PATCH /me may merge into the session, otherwise null. */
export function parseNotes(text: unknown): Record<string, unknown> | null {
  const notes = parseObject(text);
  return notes !== null && !("userId" in notes) && !("role" in notes) ? notes : null;
}

/** The methods of each path, for the 405 of every other one (RFC 9110 15.5.6). */
export const methods: Readonly<Record<string, string>> = {
  "/": "GET, HEAD",
  "/me": "GET, HEAD, PATCH",
  "/auth/login": "POST",
  "/auth/logout": "POST",
  "/auth/logout-all": "POST",
  "/auth/sessions": "GET, HEAD",
  "/auth/sessions/:handle": "DELETE",
  "/auth/events": "GET, HEAD",
};

/** The methods that the path has; `undefined` where there is no such path. */
export function methodsAt(path: string): string | undefined {
  return methods[/^\/auth\/sessions\/[^/]+$/.test(path) ? "/auth/sessions/:handle" : path];
}

export const errors = {
  badLogin: { error: "Send a JSON object with email and password." },
  badNotes: { error: "Send a JSON object, without userId and role." },
  badData: { error: "This cannot be kept in a session." },
  wrongLogin: { error: "The e-mail or the password is wrong." },
  notSignedIn: { error: "You are not signed in." },
  noSuchSession: { error: "You have no such session." },
  notFound: { error: "There is nothing here." },
  wrongMethod: { error: "This can't be done here." },
  tooMany: { error: "You are watching from too many pages." },
  unavailable: { error: "Sessions are unavailable for the moment. You have not been signed out." },
  tooLarge: { error: "The body is too large." },
  internal: { error: "Something went wrong." },
} as const;

/** Whether the store refused the data: nested too deep, for one. */
export function isBadData(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "INVALID_DATA";
}
