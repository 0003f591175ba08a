/**
 * One session as the application sees it.
 *
 * `Data` is JSON: what was passed in comes back as JSON would carry it (a `Date` as its string), and never
 * shares memory with what was passed in or with what another call returns.
 */
export interface Session<Data extends object = Record<string, unknown>> {
  /** The secret that the browser holds: 256 random bits, 43 characters of base64url. Never log it. */
  id: string;
  data: Data;
  /** When the session ends unless it is used: milliseconds since the epoch, as the store enforces it. */
  expiresAt: number;
  /** When the session was created, milliseconds since the epoch. Kept by `regenerate`. */
  createdAt?: number;
  /** When the session ends whatever the activity, milliseconds since the epoch. Absent without `absoluteTtl`. */
  absoluteExpiresAt?: number;
  /**
   * When the user last proved who they are, milliseconds since the epoch: at the log-in, or at a `regenerate` with
   * `authenticated`. Absent where nobody has, or where the store does not keep it.
   */
  authenticatedAt?: number;
  /** What was noted of the device, if anything. */
  device?: SessionDevice;
}

/** What was noted of the device that a session was made on, for its user to tell it from others. None of it is verified. */
export interface SessionDevice {
  /** The browser's `User-Agent`. */
  userAgent?: string;
  /** The network address that it came from. */
  address?: string;
  /** A name for people: "Firefox on Linux", "Ada's phone". */
  label?: string;
}

/** One session as a listing shows it: without the id, so that a page or a log may hold it. */
export interface SessionInfo<Data extends object = Record<string, unknown>> {
  /** The session's public name: the SHA-256 of its id, useless as a cookie. */
  handle: string;
  data: Data;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Milliseconds since the epoch, as in {@link Session}. */
  authenticatedAt?: number;
  device?: SessionDevice;
}
