import type { StoredSession } from "@ventostack/auth-core";

/**
 * A session's value in Redis: one JSON text with its fields in this order, so that a script can read and write the
 * first ones in place, and an operator all of them.
 *
 * - `v` the format of the record
 * - `exp` when the session ends, milliseconds since the epoch: always 13 digits, and always the key's own expiry
 * - `idx` until when the user's set of sessions is known to live, likewise; the year 2286 without a user
 * - `rev` differs after every write
 * - `abs` the absolute end, 0 without one
 * - `created`, `user` (the empty text without one), `data`
 * - `notes` where there are any
 * - `old` only while a session moves to this key, and until its next update: which key it moves from, hashed
 */
export interface RedisRecord {
  readonly session: StoredSession;
  /** Milliseconds since the epoch; {@link MAX_TIME} without a user. */
  readonly indexedUntil: number;
  /** Where the session moves from: {@link hashOfKey}. */
  readonly old?: string;
}

/** What 13 digits can say: from 2001 to 2286. */
const MIN_TIME = 1_000_000_000_000;
export const MAX_TIME = 9_999_999_999_999;

export function encodeRecord({ session, indexedUntil, old }: RedisRecord): string {
  const {
    version,
    expiresAt,
    revision,
    absoluteExpiresAt = 0,
    createdAt,
    userKey = "",
    data,
    notes,
  } = session;
  const noted = notes === undefined ? "" : `,"notes":${JSON.stringify(notes)}`;
  const end = old === undefined ? "}" : `,"old":"${old}"}`;
  return (
    `{"v":${version},"exp":${digits(expiresAt)},"idx":${digits(indexedUntil)},"rev":${revision},` +
    `"abs":${Math.floor(absoluteExpiresAt)},"created":${Math.floor(createdAt)},"user":${JSON.stringify(userKey)},"data":${JSON.stringify(data)}${noted}${end}`
  );
}

/** Plain letters, so that a script can read it whatever an id is made of. */
export function hashOfKey(id: string): string {
  return Bun.SHA256.hash(id, "base64url");
}

/** The `old` of a record. Data and notes cannot pass for it: a record without one ends in two braces. */
export function oldKeyIn(value: string): string | undefined {
  return /,"old":"([\w-]+)"\}$/.exec(value)?.[1];
}

/** Throws an error with the code `CORRUPT_RECORD` on text that is no record. An unknown version is the manager's to refuse. */
export function decodeRecord(id: string, value: unknown): StoredSession {
  const { v, exp, rev, abs, created, user, data, notes } = parse(value);
  const session: StoredSession = {
    id,
    data: data as Record<string, unknown>,
    expiresAt: exp as number,
    createdAt: created as number,
    revision: rev as number,
    version: v as number,
  };
  if (typeof abs === "number" && abs > 0) session.absoluteExpiresAt = abs;
  if (typeof user === "string" && user !== "") session.userKey = user;
  if (typeof notes === "object" && notes !== null) session.notes = notes;
  return session;
}

/** What stands in a listing for a record that cannot be read: of a version that the manager refuses. */
export function unreadable(id: string): StoredSession {
  return { id, data: {}, expiresAt: 0, createdAt: 0, revision: 0, version: 0 };
}

function digits(time: number): string {
  return String(Math.min(Math.max(Math.floor(time), MIN_TIME), MAX_TIME));
}

function parse(value: unknown): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(String(value));
    if (typeof record === "object" && record !== null) return record as Record<string, unknown>;
  } catch (cause) {
    throw corrupt(cause);
  }
  throw corrupt();
}

/** The manager makes a `SessionError` of it, with this code. */
export function corrupt(cause?: unknown): Error {
  const message =
    "A session's value in Redis is not a record of this store. It was left as it is: delete it, or repair it.";
  return Object.assign(new Error(message, { cause }), { code: "CORRUPT_RECORD" });
}
