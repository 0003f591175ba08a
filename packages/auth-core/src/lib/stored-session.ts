import type { Session } from "./session.ts";
import { toJsonData } from "./session-data.ts";
import { SessionError } from "./session-error.ts";
import type { StoredSession } from "./session-store.ts";

/** The format that this release writes, and the only one there has been. */
export const RECORD_VERSION = 1;

/**
 * What a plain store gave, as a record of our own. A store of four methods may keep no more than `id`, `data` and
 * `expiresAt`, and may hand out the very object it keeps: the data is copied. Throws `CORRUPT_RECORD` on anything
 * that is no session, so that it is never taken for "no session" nor written over.
 */
export function toStoredSession(key: string, session: Session & Partial<StoredSession>): StoredSession {
  const record = { version: RECORD_VERSION, revision: 0, createdAt: 0, ...session, id: key };
  checkRecord(record);
  const { absoluteExpiresAt } = record;
  if (absoluteExpiresAt === null) delete (record as Partial<StoredSession>).absoluteExpiresAt;
  // A store of four methods knows no absolute end, and may have been told to pass it.
  else if (absoluteExpiresAt !== undefined) record.expiresAt = Math.min(record.expiresAt, absoluteExpiresAt);
  try {
    return { ...record, data: toJsonData(session.data) };
  } catch (cause) {
    throw corrupt("has data that is not JSON", "delete it, or repair it", cause);
  }
}

/** Throws `CORRUPT_RECORD` unless the record is one that this release can read. */
export function checkRecord(record: StoredSession): void {
  const { version, data, expiresAt, absoluteExpiresAt, createdAt } = record;
  if (version !== RECORD_VERSION) {
    throw corrupt(
      `has the format ${typeof version === "number" ? version : typeof version}, and this release reads format ${RECORD_VERSION}`,
      "use the release that wrote it, or a later one",
    );
  }
  checkTime("expiresAt", expiresAt);
  // A table gives null for what it has not.
  checkTime("absoluteExpiresAt", absoluteExpiresAt ?? 0);
  checkTime("createdAt", createdAt ?? 0);
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw corrupt("has data that is not an object", "delete it, or repair it");
  }
}

function checkTime(name: string, time: number): void {
  if (!Number.isFinite(time)) throw corrupt(`has no valid ${name}`, "delete it, or repair it");
}

function corrupt(what: string, remedy: string, cause?: unknown): SessionError {
  const message = `A session record ${what}. It was left as it is: ${remedy}.`;
  return new SessionError("CORRUPT_RECORD", message, cause === undefined ? undefined : { cause });
}
