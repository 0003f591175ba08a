import { SessionError } from "./session-error.ts";
import type { SessionEvents } from "./session-events.ts";
import { authenticatedAtOf } from "./session-notes.ts";
import type { StoredSession } from "./session-store.ts";
import { createSharedRuns } from "./shared-runs.ts";
import type { StoreAccess } from "./store-access.ts";

export type OnLimit = "evict-oldest" | "reject";

/** How many sessions one user may have. */
export interface SessionLimit {
  /** To be called before a session joins a user: rejects with `LIMIT_REACHED` where it could not stay. */
  admit(userKey: string): Promise<void>;
  /**
   * To be called after each step by which a session joined a user or moved to a new key: ends what is too many.
   * Rejects with `LIMIT_REACHED` where that is the session itself.
   */
  enforce(userKey: string, key: string): Promise<void>;
  /** While `run` runs, which is to end the session under `key`, that one takes no place. */
  whileLeaving<Result>(key: string, run: () => Promise<Result>): Promise<Result>;
}

export interface LimitOptions {
  readonly maxPerUser: number;
  readonly onLimit: OnLimit;
}

/**
 * A limit that holds between any number of processes, without a lock. Whoever adds a session looks at all of them
 * afterwards and ends those that are too many, in an order that all agree on. Whoever looks last has seen every session,
 * so no more than the limit is left; and whoever looked earlier saw fewer, so has ended none of those.
 */
export function createSessionLimit(
  { maxPerUser, onLimit }: LimitOptions,
  access: StoreAccess,
  events: SessionEvents,
): SessionLimit {
  const rejects = onLimit === "reject";

  /** Those that go: the ones that joined first, or, where log-ins are refused, the ones that signed in last. */
  function tooMany(sessions: readonly StoredSession[]): readonly StoredSession[] {
    if (sessions.length <= maxPerUser) return [];
    // A session that moved to a new id has joined last, but was there before: it does not give way to a log-in.
    return rejects ? sessions.toSorted(byLogIn).slice(maxPerUser) : sessions.slice(0, -maxPerUser);
  }

  async function end({ id, userKey }: StoredSession): Promise<void> {
    const ended = await access.remove(id, events.wanted);
    if (ended === null) return;
    events.emit("limit", id, userKey, onLimit);
    events.emit("destroyed", id, userKey, "limit");
  }

  /** Looks are shared, so that each leaves out the sessions that any log-in is about to end. */
  const leaving = new Set<string>();

  async function staying(userKey: string): Promise<StoredSession[]> {
    return (await access.listByUser(userKey)).filter(({ id }) => !leaving.has(id));
  }

  /** Log-ins of one user that come at once need not each look at all the others. */
  const endTooMany = createSharedRuns(async (userKey) => {
    const sessions = await staying(userKey);
    const over = tooMany(sessions);
    await Promise.all(over.map(end));
    return { sessions, over };
  });

  return {
    async admit(userKey) {
      if (!rejects || (await staying(userKey)).length < maxPerUser) return;
      events.emit("limit", undefined, userKey, onLimit);
      throw limitReached(maxPerUser);
    },

    async enforce(userKey, key) {
      const { sessions, over } = await endTooMany(userKey);
      if (!rejects) return;
      const isOver = over.some(({ id }) => id === key);
      // Where another process has ended it already it is not there, and the places are taken.
      const isGone = sessions.length >= maxPerUser && !sessions.some(({ id }) => id === key);
      if (isOver || isGone) throw limitReached(maxPerUser);
    },

    async whileLeaving(key, run) {
      leaving.add(key);
      try {
        return await run();
      } finally {
        leaving.delete(key);
      }
    },
  };
}

function byLogIn(one: StoredSession, other: StoredSession): number {
  const loggedInAt = (session: StoredSession): number => authenticatedAtOf(session) ?? session.createdAt;
  return loggedInAt(one) - loggedInAt(other);
}

function limitReached(maxPerUser: number): SessionError {
  return new SessionError(
    "LIMIT_REACHED",
    `The user has as many sessions as maxPerUser allows (${maxPerUser}): sign one of them out first.`,
  );
}
