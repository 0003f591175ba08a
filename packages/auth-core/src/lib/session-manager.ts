import { absoluteExpiry, idleExpiry, refreshThreshold, touchedExpiry } from "./expiry.ts";
import { isPromise } from "./is-promise.ts";
import { checkUserId } from "./option-check.ts";
import type { Session, SessionInfo } from "./session.ts";
import { applyPatch, type DataPatch, type JsonObject, toDataPatch, toJsonData } from "./session-data.ts";
import { SessionError } from "./session-error.ts";
import { createSessionId, hashSessionId, isSessionId } from "./session-id.ts";
import type { SessionManager } from "./session-manager-types.ts";
import { resolveSessionOptions, type SessionOptions } from "./session-options.ts";
import type { SessionStore, StoredSession } from "./session-store.ts";
import { createStoreAccess } from "./store-access.ts";
import { RECORD_VERSION } from "./stored-session.ts";

/**
 * Sessions in the given store.
 *
 * `Data` is what the application keeps in a session; it is taken at its word, not validated. Throws `INVALID_OPTION`,
 * naming the option and its value, when an option makes no sense or the store lacks one of its four methods.
 */
export function createSessionManager<Data extends object = Record<string, unknown>>(
  store: SessionStore,
  options: SessionOptions<Data> = {},
): SessionManager<Data> {
  checkStore(store);
  const { random, userIdOf, ...resolved } = resolveSessionOptions(options, store.keyPrefix);
  const { ttl, prefix, hashIds, clock } = resolved;
  const access = createStoreAccess(store, resolved);

  const keyOf = (id: string): string => prefix + (hashIds ? hashSessionId(id) : id);
  const userKeyOf = (userId: string): string => prefix + userId;
  const handleOf = (key: string): string => {
    const name = key.slice(prefix.length);
    return hashIds ? name : hashSessionId(name);
  };

  /** The user that the data names, as a property to spread into a record. */
  function owner(data: JsonObject): { userKey?: string } {
    const userId = userIdOf(data as Data);
    if (userId === undefined || userId === "") return {};
    if (typeof userId === "string") return { userKey: userKeyOf(userId) };
    throw new SessionError(
      "INVALID_OPTION",
      `userIdOf gave ${userId === null ? "null" : `a value of type ${typeof userId}`}: it must give a string, or undefined for an anonymous session.`,
    );
  }

  /** What the application sees of a record. The record is the manager's own, so its data can be handed out. */
  function toSession(id: string, stored: StoredSession): Session<Data> {
    const { data, expiresAt, createdAt, absoluteExpiresAt } = stored;
    const session: Session<Data> = { id, data: data as Data, expiresAt };
    // A store of four methods may not have kept it.
    if (createdAt > 0) session.createdAt = createdAt;
    if (absoluteExpiresAt !== undefined) session.absoluteExpiresAt = absoluteExpiresAt;
    return session;
  }

  const toInfo = ({ id, data, createdAt, expiresAt }: StoredSession): SessionInfo<Data> => ({
    handle: handleOf(id),
    data: data as Data,
    createdAt,
    expiresAt,
  });

  /** The record with the patch merged in, belonging to whom its data now names. */
  function patched({ userKey: _, ...current }: StoredSession, patch: DataPatch): StoredSession {
    const data = applyPatch(current.data, patch);
    return { ...current, ...owner(data), data };
  }

  async function merge(id: string, patch: object): Promise<Session<Data> | null> {
    const copied = toDataPatch(patch);
    if (!isSessionId(id)) return null;
    const changed = await access.change(keyOf(id), (current) => patched(current, copied));
    return changed && toSession(id, changed);
  }

  return {
    options: Object.freeze(resolved),

    async create(data: Data | undefined = {} as Data) {
      const json = toJsonData(data);
      const id = createSessionId(random);
      const createdAt = clock();
      const absoluteExpiresAt = absoluteExpiry(createdAt, resolved);
      const session: StoredSession = {
        id: keyOf(id),
        data: json,
        createdAt,
        expiresAt: idleExpiry(createdAt, ttl, absoluteExpiresAt),
        ...(absoluteExpiresAt !== undefined && { absoluteExpiresAt }),
        ...owner(json),
        // Not from 1: a record made anew under the same key must not pass for the one that somebody has read.
        revision: Math.floor(Math.random() * 2 ** 40),
        version: RECORD_VERSION,
      };
      if (await access.insert(session)) return toSession(id, session);
      throw new SessionError(
        "CONFLICT",
        "A new session id was in use already, which random ids never are: check the random source. Nothing was written.",
      );
    },

    async get(id) {
      if (!isSessionId(id)) return null;
      const found = access.load(keyOf(id));
      const stored = isPromise(found) ? await found : found;
      return stored && toSession(id, stored);
    },

    async update(id, patch) {
      await merge(id, patch);
    },

    merge,

    async touch(id) {
      if (isSessionId(id)) await access.touch(keyOf(id));
    },

    async refresh(id) {
      if (!isSessionId(id)) return null;
      const refreshed = await access.refresh(keyOf(id));
      return refreshed && toSession(id, refreshed.session);
    },

    async refreshIfDue(id) {
      if (!isSessionId(id)) return null;
      const refreshed = await access.refresh(keyOf(id), refreshThreshold(resolved));
      return refreshed && { ...refreshed, session: toSession(id, refreshed.session) };
    },

    async destroy(id) {
      if (isSessionId(id)) await access.remove(keyOf(id));
    },

    async regenerate(id, patch = {}) {
      const copied = toDataPatch(patch);
      if (!isSessionId(id)) return null;
      let newId = "";
      const changed = await access.change(keyOf(id), (current) => {
        // Another one for each attempt: who is still clearing up after the one before must not meet this one.
        newId = createSessionId(random);
        return {
          ...patched(current, copied),
          id: keyOf(newId),
          expiresAt: touchedExpiry(current, clock(), ttl),
        };
      });
      return changed && toSession(newId, changed);
    },

    async listByUser(userId) {
      checkUserId(userId);
      const sessions = await access.listByUser(userKeyOf(userId));
      return sessions.map(toInfo).sort((one, other) => other.createdAt - one.createdAt);
    },

    async destroyByUser(userId, { except } = {}) {
      checkUserId(userId);
      return access.removeByUser(userKeyOf(userId), isSessionId(except) ? { except: keyOf(except) } : {});
    },

    async destroyByHandle(userId, handle) {
      checkUserId(userId);
      const key = await findByHandle(userId, handle);
      if (key === undefined) return false;
      await access.remove(key);
      return true;
    },

    handleOf: hashSessionId,
  };

  /** The key of the user's session with that handle. */
  async function findByHandle(userId: string, handle: string): Promise<string | undefined> {
    if (hashIds) {
      // The handle has the shape of an id and is the key's own name: one look-up shows whose session it is.
      const found = isSessionId(handle) ? await access.load(prefix + handle) : null;
      return found && owner(found.data).userKey === userKeyOf(userId) ? found.id : undefined;
    }
    const sessions = await access.listByUser(userKeyOf(userId));
    return sessions.find((session) => handleOf(session.id) === handle)?.id;
  }
}

function checkStore(store: SessionStore): void {
  for (const method of ["get", "set", "delete", "touch"] as const) {
    if (typeof store?.[method] !== "function") {
      throw new SessionError(
        "INVALID_OPTION",
        `The store has no method ${method}: pass what createMemorySessionStore() returns, or an object with get, set, delete and touch.`,
      );
    }
  }
}
