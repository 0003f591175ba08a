import { andThen } from "./awaitable.ts";
import { touchedExpiry } from "./expiry.ts";
import { errorCode } from "./session-error.ts";
import type { SessionEvents } from "./session-events.ts";
import type { SessionLimit } from "./session-limit.ts";
import type { RecordChange, SessionRecords } from "./session-records.ts";
import type { Awaitable, StoredSession } from "./session-store.ts";
import type { StoreAccess } from "./store-access.ts";

export interface LifecycleParts {
  readonly access: StoreAccess;
  readonly records: SessionRecords;
  readonly events: SessionEvents;
  readonly limit: SessionLimit | undefined;
  readonly clock: () => number;
  readonly ttl: number;
}

/** What becomes of sessions, by their keys: each step in the store, within the limit, and told of once. */
export interface SessionLifecycle {
  /**
   * `false` when there is a live session under the key already. The one under `replaced` ends with that, and goes on where
   * it fails.
   */
  begin(session: StoredSession, replaced?: string): Promise<boolean>;
  /** `null` where there is no live session. */
  update(key: string, change: RecordChange): Promise<StoredSession | null>;
  /**
   * `update` under a new key, to live for `ttl` from now. Another key for each attempt: who is still clearing up after the
   * one before must not meet this one.
   */
  move(key: string, newKey: () => string, change: RecordChange): Promise<StoredSession | null>;
  end(key: string, reason: "destroy"): Promise<void>;
  /** `end` that says whether there was one. */
  endOne(key: string): Promise<boolean>;
  /** How many live ones it ended. */
  endAll(userKey: string, except: string | undefined): Promise<number>;
}

export function createSessionLifecycle({
  access,
  records,
  events,
  limit,
  clock,
  ttl,
}: LifecycleParts): SessionLifecycle {
  async function remove(key: string, reason: string, tell: boolean): Promise<boolean> {
    const ended = await access.remove(key, tell || events.wanted);
    if (ended === null) return false;
    events.emit("destroyed", key, ended.userKey, reason);
    return true;
  }

  /** The record, once there is room for it with the user whom it joins. */
  function admitted(current: StoredSession | undefined, next: StoredSession): Awaitable<StoredSession> {
    const { userKey } = next;
    if (limit === undefined || userKey === undefined || userKey === current?.userKey) return next;
    return limit.admit(userKey).then(() => next);
  }

  async function enforce({ id, userKey }: StoredSession): Promise<void> {
    if (limit !== undefined && userKey !== undefined) await limit.enforce(userKey, id);
  }

  async function begin(session: StoredSession, replaced?: string): Promise<boolean> {
    await admitted(undefined, session);
    if (!(await access.insert(session))) return false;
    events.emit("created", session.id, session.userKey);
    try {
      await enforce(session);
      // Last: whatever fails before it signs nobody out (G6).
      if (replaced !== undefined) await remove(replaced, "destroy", false);
    } catch (error) {
      // Nobody gets its id. Where it cannot be removed it ends by itself, and the first fault is the one to tell.
      await Promise.allSettled([remove(session.id, "limit", false)]);
      throw error;
    }
    return true;
  }

  return {
    begin: (session, replaced) =>
      limit === undefined || replaced === undefined
        ? begin(session, replaced)
        : limit.whileLeaving(replaced, () => begin(session, replaced)),

    async update(key, change) {
      let before: string | undefined;
      const changed = await access.change(key, (current) => {
        before = current.userKey;
        return andThen(records.change(current, change), (next) => admitted(current, next));
      });
      if (changed === null) return null;
      events.emit("updated", key, changed.userKey);
      if (changed.userKey !== before) await enforce(changed);
      return changed;
    },

    async move(key, newKey, change) {
      const moved = await access.change(key, (current) =>
        andThen(records.change(current, change), (next) =>
          admitted(current, { ...next, id: newKey(), expiresAt: touchedExpiry(current, clock(), ttl) }),
        ),
      );
      if (moved === null) return null;
      events.moved(key, moved.id, moved.userKey);
      try {
        // Also with the same user: whoever looked while it moved may have seen it under neither key.
        await enforce(moved);
      } catch (error) {
        if (errorCode(error) === "LIMIT_REACHED") throw error;
        // The old id is dead: without the new one a fault of the store would sign the user out (G6).
        if (!events.wanted)
          console.error("[session] maxPerUser was not applied, and will be at the next log-in:", error);
      }
      return moved;
    },

    async end(key, reason) {
      await remove(key, reason, false);
    },

    endOne: (key) => remove(key, "by-handle", true),

    async endAll(userKey, except) {
      const options = except === undefined ? {} : { except };
      if (!events.wanted) return access.removeByUser(userKey, options);
      let told = 0;
      const onEnded = (key: string): void => {
        told++;
        events.emit("destroyed", key, userKey, "by-user");
      };
      const ended = await access.removeByUser(userKey, { ...options, onEnded });
      // A store that does not name them has counted them.
      for (; told < ended; told++) events.emit("destroyed", undefined, userKey, "by-user");
      return ended;
    },
  };
}
