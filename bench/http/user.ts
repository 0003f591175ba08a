/** What every server keeps in a session, and answers `GET /me` with. */
export interface User {
  userId: string;
  role: string;
  loginAt: string;
}

/**
 * Who signs in with the body of `POST /login`, `{ "email": ... }`. No password: checking one would cost every server
 * the same, and a thousand times what is measured.
 */
export function userOf(body: unknown): User {
  const { email } = body as { email: string };
  return { userId: email, role: "user", loginAt: "2026-01-01T00:00:00.000Z" };
}

/** What `GET /hello` answers, signed in or not. */
export const greeting = { hello: "world" };

/** What `GET /me` answers without a live session, with status 401. */
export const refusal = { error: "You are not signed in." };

/** Seconds. */
export const TTL = 3600;

/** The server that the runner started, for those that keep sessions in Redis. */
export function redisUrl(): string {
  const url = process.env.REDIS_URL;
  if (url === undefined) throw new Error("This server keeps its sessions in Redis: set REDIS_URL.");
  return url;
}
