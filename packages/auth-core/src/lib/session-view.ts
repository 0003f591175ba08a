import type { Session, SessionInfo } from "./session.ts";
import { authenticatedAtOf, deviceIn } from "./session-notes.ts";
import type { StoredSession } from "./session-store.ts";

/**
 * What a session prints as in `console.log` and `inspect`, alone or within something else: itself, but for the id. On a
 * prototype, so that the session's own properties are those of the documents, and JSON, copies and comparisons see no
 * difference.
 */
const redacted: object = Object.create(Object.prototype, {
  [Symbol.for("nodejs.util.inspect.custom")]: {
    value(this: Session): object {
      return { ...this, id: "[redacted]" };
    },
  },
});

/** What the application sees of a record. The record is the manager's own, so its data can be handed out. */
export function toSession<Data extends object>(id: string, stored: StoredSession): Session<Data> {
  const session: Session<Data> = Object.create(redacted);
  session.id = id;
  session.data = stored.data as Data;
  session.expiresAt = stored.expiresAt;
  // A store of four methods may not have kept it.
  if (stored.createdAt > 0) session.createdAt = stored.createdAt;
  if (stored.absoluteExpiresAt !== undefined) session.absoluteExpiresAt = stored.absoluteExpiresAt;
  addNotes(session, stored);
  return session;
}

/** What a listing shows of it. */
export function toSessionInfo<Data extends object>(handle: string, stored: StoredSession): SessionInfo<Data> {
  const { data, createdAt, expiresAt } = stored;
  const info: SessionInfo<Data> = { handle, data: data as Data, createdAt, expiresAt };
  addNotes(info, stored);
  return info;
}

function addNotes(to: Pick<Session, "authenticatedAt" | "device">, stored: StoredSession): void {
  const authenticatedAt = authenticatedAtOf(stored);
  if (authenticatedAt !== undefined) to.authenticatedAt = authenticatedAt;
  if (stored.notes === undefined) return;
  const device = deviceIn(stored.notes);
  if (device !== undefined) to.device = device;
}
