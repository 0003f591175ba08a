import { channel } from "node:diagnostics_channel";
import { isPromise } from "./is-promise.ts";
import type { SessionErrorCode } from "./session-error.ts";
import type { SessionNames } from "./session-names.ts";

/**
 * Something that has happened to a session. Plain JSON without any id, for logs and metrics.
 *
 * - `created`, `updated`, `regenerated` (`handle` is the new one's; `reason` names the old one's)
 * - `destroyed`: a live session was ended; `reason` is `destroy`, `by-user`, `by-handle` or `limit`
 * - `expired`: a record was met whose end was past
 * - `denied`: a call named no live session; `reason` is `malformed` or `unknown`
 * - `limit`: `maxPerUser` was reached; `reason` is what was done, `evict-oldest` or `reject`
 * - `store-failure`: the store failed, or a record could not be read; `reason` is the error's code and where it arose
 */
export interface SessionEvent {
  readonly type:
    | "created"
    | "updated"
    | "regenerated"
    | "destroyed"
    | "expired"
    | "limit"
    | "denied"
    | "store-failure";
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The public name of the session, where it is known. */
  readonly handle?: string;
  /** The user, as the application names them, where they are known. */
  readonly userId?: string;
  readonly reason?: string;
}

/** Where the events of every manager are published as well, for whoever subscribes. */
export const SESSION_CHANNEL = "ventostack:session";

const sessionChannel = channel(SESSION_CHANNEL);

/** Tells of what happens. Takes the store's keys, and does nothing with them unless somebody listens. */
export interface SessionEvents {
  /** Whether somebody listens now. */
  readonly wanted: boolean;
  emit(type: SessionEvent["type"], key?: string, userKey?: string, reason?: string): void;
  /** A session has a new key. */
  moved(key: string, newKey: string, userKey: string | undefined): void;
  /** The store failed, or a record could not be read. `where`: the store's method, or what else refused it. */
  failed(code: SessionErrorCode, where: string, key?: string, userKey?: string): void;
  /** A record that could not be read was left out of a listing: nothing rejects, so it is told even where nobody listens. */
  leftOut(error: unknown): void;
}

export interface EventOptions {
  readonly onEvent: ((event: SessionEvent) => void) | undefined;
  readonly clock: () => number;
}

export function createSessionEvents({ onEvent, clock }: EventOptions, names: SessionNames): SessionEvents {
  const isWanted = (): boolean => onEvent !== undefined || sessionChannel.hasSubscribers;

  function tell(event: SessionEvent): void {
    try {
      const told: unknown = onEvent?.(event);
      if (isPromise(told)) told.then(undefined, complain);
    } catch (error) {
      complain(error);
    }
  }

  function emit(type: SessionEvent["type"], key?: string, userKey?: string, reason?: string): void {
    if (!isWanted()) return;
    const event: SessionEvent = Object.freeze({
      type,
      at: clock(),
      ...(key !== undefined && { handle: names.handleOf(key) }),
      ...(userKey !== undefined && { userId: names.userIdOf(userKey) }),
      ...(reason !== undefined && { reason }),
    });
    tell(event);
    // What a subscriber throws reaches `uncaughtException`, as the platform has it for every channel; never us.
    sessionChannel.publish(event);
  }

  return {
    get wanted() {
      return isWanted();
    },
    emit,
    moved(key, newKey, userKey) {
      if (isWanted()) emit("regenerated", newKey, userKey, `replaces ${names.handleOf(key)}`);
    },
    failed(code, where, key, userKey) {
      if (isWanted()) emit("store-failure", key, userKey, `${code} in ${where}`);
    },
    leftOut(error) {
      if (!isWanted()) console.error("[session] A session was left out of a listing:", error);
    },
  };
}

/** A listener that fails costs nobody the session, and is not hushed up either. */
function complain(error: unknown): void {
  console.error("[session] onEvent threw", error);
}
