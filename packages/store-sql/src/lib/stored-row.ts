import type { StoredSession } from "@ventostack/auth-core";
import { fromKeyText, MAX_KEY_TEXT, toKeyText } from "./key-text.ts";
import type { Row, Value } from "./statement.ts";

/** The columns of a session, in the order of {@link toValues}. `seq` is the database's own. */
export const COLUMNS =
  "id, user_key, expires_at, absolute_expires_at, created_at, revision, version, data, notes";

/** Data and notes are JSON text in a text column: a JSON column reorders keys, or makes a string of them. */
export function toValues(session: StoredSession): Value[] {
  const { id, userKey, expiresAt, absoluteExpiresAt, createdAt, revision, version, data, notes } = session;
  return [
    storableKey(id, "The session's key"),
    userKey === undefined ? null : storableKey(userKey, "The user's key"),
    Math.floor(Math.min(expiresAt, absoluteExpiresAt ?? Number.POSITIVE_INFINITY)),
    absoluteExpiresAt === undefined ? null : Math.floor(absoluteExpiresAt),
    Math.floor(createdAt),
    revision,
    version,
    JSON.stringify(data),
    notes === undefined ? null : JSON.stringify(notes),
  ];
}

/** Throws an error with the code `CORRUPT_RECORD` on what is no row of ours. An unknown version is the manager's to refuse. */
export function toStoredSession(row: Row): StoredSession {
  const session: StoredSession = {
    id: fromKeyText(text(row.id)),
    data: json(row.data) as Record<string, unknown>,
    expiresAt: whole(row.expires_at),
    createdAt: whole(row.created_at),
    revision: whole(row.revision),
    version: whole(row.version),
  };
  if (row.absolute_expires_at !== null) session.absoluteExpiresAt = whole(row.absolute_expires_at);
  if (row.user_key !== null) session.userKey = fromKeyText(text(row.user_key));
  if (row.notes !== null) session.notes = json(row.notes) as NonNullable<StoredSession["notes"]>;
  return session;
}

/** `null` where it cannot be read: of one that was removed, it was no session to anyone. */
export function toReadableSession(row: Row): StoredSession | null {
  try {
    return toStoredSession(row);
  } catch {
    return null;
  }
}

/** As it stands in a listing: one that cannot be read has a version that the manager reports, and hides none of the others. */
export function toListedSession(row: Row): StoredSession {
  const unreadable = { data: {}, expiresAt: 0, createdAt: 0, revision: 0, version: 0 };
  return toReadableSession(row) ?? { id: fromKeyText(text(row.id)), ...unreadable };
}

function storableKey(key: string, what: string): string {
  const keyText = toKeyText(key);
  if (keyText.length <= MAX_KEY_TEXT) return keyText;
  throw Object.assign(
    new Error(
      `${what} takes ${keyText.length} bytes, and a table of sessions holds ${MAX_KEY_TEXT}: use a shorter user id or prefix. Nothing was written.`,
    ),
    { code: "INVALID_DATA" },
  );
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw corrupt();
}

/** The servers give large numbers as text, MySQL small ones as numbers. */
function whole(value: unknown): number {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw corrupt();
}

function json(value: unknown): unknown {
  try {
    return JSON.parse(text(value));
  } catch (cause) {
    throw corrupt(cause);
  }
}

/** The manager makes a `SessionError` of it, with this code. */
function corrupt(cause?: unknown): Error {
  const message =
    "A row of the sessions' table is not one of this store. It was left as it is: delete it, or repair it.";
  return Object.assign(new Error(message, { cause }), { code: "CORRUPT_RECORD" });
}
