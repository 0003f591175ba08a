import { SessionError, type SessionStore } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";

/**
 * The store that a URL names, so that one setting moves an application from one store to another.
 *
 * - `memory:` sessions in the memory of this process
 *
 * Rejects with `INVALID_OPTION` on any other URL.
 */
export async function createSessionStore(url: string): Promise<SessionStore> {
  if (url === "memory:") return createMemorySessionStore();
  // Only the scheme is shown: what follows may hold a password.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? "no scheme";
  throw new SessionError(
    "INVALID_OPTION",
    `The store URL has ${scheme}, which names no session store; use memory:`,
  );
}
