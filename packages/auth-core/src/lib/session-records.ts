import { andThen } from "./awaitable.ts";
import { absoluteExpiry, idleExpiry, type Lifetimes } from "./expiry.ts";
import { applyPatch, type DataPatch, type JsonObject } from "./session-data.ts";
import { SessionError } from "./session-error.ts";
import type { SessionNames } from "./session-names.ts";
import { authenticatedAtOf, deviceIn, noteDevice, toNotes } from "./session-notes.ts";
import type { SessionShape } from "./session-shape.ts";
import type { Awaitable, StoredSession } from "./session-store.ts";
import { RECORD_VERSION } from "./stored-session.ts";

export interface RecordChange {
  readonly patch: DataPatch;
  /** Fields of the device, as `toDeviceFields` gives them. */
  readonly device?: object;
  /** The user has just proved who they are, whether or not the data now names another one. */
  readonly authenticated?: boolean | undefined;
}

/** Makes the records that a store keeps. */
export interface SessionRecords {
  create(key: string, data: JsonObject, device: object): StoredSession;
  /** The record with the change made, belonging to whom its data now names. */
  change(current: StoredSession, change: RecordChange): Awaitable<StoredSession>;
  /** Whose the record is by what the store says, or by its data where the store keeps no more. */
  ownerOf(stored: StoredSession): string | undefined;
}

export interface RecordOptions extends Lifetimes {
  readonly clock: () => number;
  readonly userIdOf: (data: JsonObject) => unknown;
  readonly shape: SessionShape;
}

export function createSessionRecords(options: RecordOptions, names: SessionNames): SessionRecords {
  const { clock, userIdOf, shape, ttl } = options;

  function ownerIn(data: JsonObject): string | undefined {
    const userId = userIdOf(data);
    if (userId === undefined || userId === "") return undefined;
    if (typeof userId === "string") return names.userKeyOf(userId);
    throw new SessionError(
      "INVALID_OPTION",
      `userIdOf gave ${userId === null ? "null" : `a value of type ${typeof userId}`}: it must give a string, or undefined for an anonymous session.`,
    );
  }

  function authenticatedAt(
    current: StoredSession,
    userKey: string | undefined,
    authenticated: boolean | undefined,
  ): number | undefined {
    if (authenticated) return clock();
    // By the data as well: a store may not keep whose it is, and that userIdOf has changed since is no log-in.
    if (userKey === current.userKey || userKey === ownerIn(current.data)) return authenticatedAtOf(current);
    return userKey === undefined ? undefined : clock();
  }

  return {
    ownerOf: (stored) => stored.userKey ?? ownerIn(stored.data),

    create(key, data, device) {
      const createdAt = clock();
      const absoluteExpiresAt = absoluteExpiry(createdAt, options);
      const userKey = ownerIn(data);
      const notes = noteDevice(undefined, device);
      return {
        id: key,
        data,
        createdAt,
        expiresAt: idleExpiry(createdAt, ttl, absoluteExpiresAt),
        ...(absoluteExpiresAt !== undefined && { absoluteExpiresAt }),
        ...(userKey !== undefined && { userKey }),
        ...(notes !== undefined && { notes }),
        // Not from 1: a record made anew under the same key must not pass for the one that somebody has read.
        revision: Math.floor(Math.random() * 2 ** 40),
        version: RECORD_VERSION,
      };
    },

    change(current, { patch, device, authenticated }) {
      return andThen(shape.read(current), (readable) =>
        andThen(shape.accept(applyPatch(readable.data, patch)), (data) => {
          const userKey = ownerIn(data);
          const { userKey: _, notes: noted, ...kept } = current;
          const provedAt = authenticatedAt(readable, userKey, authenticated);
          // Not noted where the creation says it already.
          const at = userKey !== undefined && provedAt === current.createdAt ? undefined : provedAt;
          const keptNotes = toNotes(at, deviceIn(noted));
          const notes = device === undefined ? keptNotes : noteDevice(keptNotes, device);
          return {
            ...kept,
            data,
            ...(userKey !== undefined && { userKey }),
            ...(notes !== undefined && { notes }),
          };
        }),
      );
    },
  };
}
