import type { StoredSession } from "@ventostack/auth-core";
import { getFloat, type Rows } from "./rows.ts";
import type { SessionText } from "./session-entry.ts";
import { Field, type Slot } from "./session-row.ts";

/** The format of a record that says nothing else. */
export const USUAL_VERSION = 1;

/** A session as the store gives it, of its row and of what its entry holds: a new object each time. */
export function toStoredSession(
  rows: Rows,
  slot: Slot,
  id: string,
  { data, userKey, rare }: SessionText,
): StoredSession {
  const session: StoredSession = {
    id,
    data: JSON.parse(data),
    expiresAt: getFloat(rows, slot, Field.expiresAt),
    createdAt: getFloat(rows, slot, Field.createdAt),
    revision: getFloat(rows, slot, Field.revision),
    version: rare?.version ?? USUAL_VERSION,
  };
  if (userKey !== undefined) session.userKey = userKey;
  if (rare === undefined) return session;
  if (rare.absoluteExpiresAt !== undefined) session.absoluteExpiresAt = rare.absoluteExpiresAt;
  if (rare.notes !== undefined) session.notes = JSON.parse(rare.notes);
  return session;
}
