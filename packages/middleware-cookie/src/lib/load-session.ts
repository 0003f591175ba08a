import { type Session, SessionError, type SessionManager } from "@ventostack/auth-core";

/** The live session, if any. One whose record cannot be read counts as none, and is reported. */
export async function loadSession<Data extends object>(
  manager: SessionManager<Data>,
  id: string,
  report: (error: unknown) => void,
): Promise<Session<Data> | null> {
  try {
    return await manager.get(id);
  } catch (error) {
    // Whoever has such a record must be able to sign in again rather than be locked out.
    if (!(error instanceof SessionError && error.code === "CORRUPT_RECORD")) throw error;
    report(error);
    return null;
  }
}
