import type { StoredSession } from "@ventostack/auth-core";
import { checkLength } from "./encoded-name.ts";
import type { Entry } from "./entry-table.ts";
import { USUAL_VERSION } from "./stored-session.ts";

/**
 * The session as the table takes it. Whatever hinders its being written, a type that it should not have as well, throws here,
 * before anything has changed.
 */
export function toEntry(session: StoredSession): Entry {
  const { id, userKey, expiresAt, createdAt, absoluteExpiresAt, revision, version, notes } = session;
  const data: string | undefined = JSON.stringify(session.data);
  if (data === undefined) throw new TypeError("The data of a session has to be JSON.");
  checkLength(id);
  if (userKey !== undefined) checkLength(userKey);
  const isUsual = absoluteExpiresAt === undefined && version === USUAL_VERSION && notes === undefined;
  return {
    key: id,
    userKey,
    data,
    expiresAt: Math.min(expiresAt, absoluteExpiresAt ?? Number.POSITIVE_INFINITY),
    createdAt: Number(createdAt),
    revision: Number(revision),
    rare: isUsual
      ? undefined
      : {
          absoluteExpiresAt: absoluteExpiresAt === undefined ? undefined : Number(absoluteExpiresAt),
          version: Number(version),
          notes: notes ? JSON.stringify(notes) : undefined,
        },
  };
}
