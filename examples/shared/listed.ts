import type { SessionInfo } from "@ventostack/auth";
import { deviceName } from "./device-name.ts";

/** One session of the user, as GET /auth/sessions shows it. */
export interface ListedSession {
  handle: string;
  /** Whether the request came with this one. */
  current: boolean;
  /** Milliseconds since the epoch, like the other two. */
  createdAt: number;
  expiresAt: number;
  /** When the user last proved who they are. */
  authenticatedAt?: number | undefined;
  /** "Firefox on Linux": a name for people. */
  device?: string | undefined;
  userAgent?: string | undefined;
}

/** `own` is the handle of the session that the request came with. */
export function listed(
  { handle, createdAt, expiresAt, authenticatedAt, device }: SessionInfo<object>,
  own: string,
): ListedSession {
  const { label, userAgent } = device ?? {};
  const name = label ?? deviceName(userAgent);
  return { handle, current: handle === own, createdAt, expiresAt, authenticatedAt, device: name, userAgent };
}
