import { isRecent, refreshThreshold } from "./expiry.ts";
import { isPromise } from "./is-promise.ts";
import { checkMaxAge, checkUserId } from "./option-check.ts";
import type { Session, SessionInfo } from "./session.ts";
import { type JsonObject, toDataPatch, toJsonData } from "./session-data.ts";
import { errorCode, SessionError } from "./session-error.ts";
import { createSessionEvents } from "./session-events.ts";
import { createSessionId, hashSessionId, isSessionId } from "./session-id.ts";
import { createSessionLifecycle } from "./session-lifecycle.ts";
import { createSessionLimit } from "./session-limit.ts";
import type { CreateOptions, SessionManager } from "./session-manager-types.ts";
import { createSessionNames } from "./session-names.ts";
import { toDeviceFields } from "./session-notes.ts";
import { resolveSessionOptions, type SessionOptions } from "./session-options.ts";
import { createSessionRecords } from "./session-records.ts";
import { createSessionShape } from "./session-shape.ts";
import type { Awaitable, SessionStore, StoredSession } from "./session-store.ts";
import { toSession, toSessionInfo } from "./session-view.ts";
import { createStoreAccess, unsupported } from "./store-access.ts";

/**
 * Sessions in the given store.
 *
 * `Data` is what the application keeps in a session: what `schema` gives where there is one, and otherwise taken at its
 * word. Throws `INVALID_OPTION`, naming the option and its value, when an option makes no sense or the store lacks one of
 * its four methods; `UNSUPPORTED` when there is a `maxPerUser` and the store cannot find the sessions of a user.
 */
export function createSessionManager<Data extends object = Record<string, unknown>>(
  store: SessionStore,
  options: SessionOptions<Data> = {},
): SessionManager<Data> {
  checkStore(store);
  const { random, userIdOf, schema, migrate, onEvent, ...resolved } = resolveSessionOptions(
    options,
    store.keyPrefix,
  );
  const { ttl, prefix, hashIds, clock, maxPerUser, onLimit } = resolved;
  if (maxPerUser !== undefined && store.listByUser === undefined) throw unsupported("listByUser");

  const names = createSessionNames(prefix, hashIds);
  const { keyOf, userKeyOf } = names;
  const events = createSessionEvents({ onEvent, clock }, names);
  const access = createStoreAccess(store, { ...resolved, events });
  const shape = createSessionShape({ schema, migrate, handleOf: names.handleOf, events });
  const records = createSessionRecords(
    { ...resolved, shape, userIdOf: (data: JsonObject) => userIdOf(data as Data) },
    names,
  );
  const limit =
    maxPerUser === undefined ? undefined : createSessionLimit({ maxPerUser, onLimit }, access, events);
  const lifecycle = createSessionLifecycle({ access, records, events, limit, clock, ttl });

  /** What is no id names no session, and nobody is asked for it. */
  function malformed(): null {
    events.emit("denied", undefined, undefined, "malformed");
    return null;
  }

  /** Not by `andThen`: its functions, made with every request, took 4 % of what JavaScript a signed-in one takes. */
  function load(id: string): Awaitable<Session<Data> | null> {
    if (!isSessionId(id)) return malformed();
    const found = access.load(keyOf(id));
    return isPromise(found) ? found.then((stored) => present(id, stored)) : present(id, found);
  }

  function present(id: string, stored: StoredSession | null): Awaitable<Session<Data> | null> {
    if (stored === null) return null;
    const read = shape.read(stored);
    return isPromise(read) ? read.then((fitting) => toSession(id, fitting)) : toSession(id, read);
  }

  async function merge(id: string, patch: object): Promise<Session<Data> | null> {
    const copied = toDataPatch(patch);
    if (!isSessionId(id)) return malformed();
    const changed = await lifecycle.update(keyOf(id), { patch: copied });
    return changed && toSession(id, changed);
  }

  async function refresh(id: string, whenBelow?: number) {
    if (!isSessionId(id)) return malformed();
    const refreshed = await access.refresh(keyOf(id), whenBelow);
    if (refreshed === null) return null;
    const read = shape.read(refreshed.session);
    const stored = isPromise(read) ? await read : read;
    return { session: toSession<Data>(id, stored), extended: refreshed.extended };
  }

  return {
    options: Object.freeze(resolved),

    async create(data: Data | undefined = {} as Data, { device = {}, replaces }: CreateOptions = {}) {
      const json = await shape.accept(toJsonData(data));
      const fields = toDeviceFields(device);
      const id = createSessionId(random);
      const session = records.create(keyOf(id), json, fields);
      const replaced = isSessionId(replaces) ? keyOf(replaces) : undefined;
      if (await lifecycle.begin(session, replaced)) return toSession(id, session);
      throw new SessionError(
        "CONFLICT",
        "A new session id was in use already, which random ids never are: check the random source. Nothing was written.",
      );
    },

    async get(id) {
      return load(id);
    },

    load: Object.assign(load, access.loadsAtOnce && schema === undefined && { atOnce: true as const }),

    async update(id, patch) {
      await merge(id, patch);
    },

    merge,

    async touch(id) {
      if (isSessionId(id)) await access.touch(keyOf(id));
      else malformed();
    },

    async refresh(id) {
      const refreshed = await refresh(id);
      return refreshed?.session ?? null;
    },

    refreshIfDue: (id) => refresh(id, refreshThreshold(resolved)),

    async destroy(id) {
      if (isSessionId(id)) await lifecycle.end(keyOf(id), "destroy");
    },

    async regenerate(id, patch = {}, { authenticated, device = {} } = {}) {
      const change = { patch: toDataPatch(patch), device: toDeviceFields(device), authenticated };
      if (!isSessionId(id)) return malformed();
      let newId = "";
      const newKey = (): string => {
        newId = createSessionId(random);
        return keyOf(newId);
      };
      const moved = await lifecycle.move(keyOf(id), newKey, change);
      return moved && toSession(newId, moved);
    },

    async setDevice(id, device) {
      const change = { patch: toDataPatch({}), device: toDeviceFields(device) };
      if (isSessionId(id)) await lifecycle.update(keyOf(id), change);
      else malformed();
    },

    isFresh(session, maxAgeSeconds) {
      checkMaxAge(maxAgeSeconds);
      return isRecent(session?.authenticatedAt, clock(), maxAgeSeconds);
    },

    async listByUser(userId) {
      checkUserId(userId);
      const sessions = await access.listByUser(userKeyOf(userId));
      const listed = await Promise.all(sessions.map(listable));
      return listed.flatMap((info) => info ?? []).sort((one, other) => other.createdAt - one.createdAt);
    },

    async destroyByUser(userId, { except } = {}) {
      checkUserId(userId);
      return lifecycle.endAll(userKeyOf(userId), isSessionId(except) ? keyOf(except) : undefined);
    },

    async destroyByHandle(userId, handle) {
      checkUserId(userId);
      const key = await findByHandle(userId, handle);
      return key !== undefined && lifecycle.endOne(key);
    },

    handleOf: hashSessionId,
  };

  /** One that does not fit the schema must not hide the others. */
  async function listable(stored: StoredSession): Promise<SessionInfo<Data> | undefined> {
    try {
      return toSessionInfo(names.handleOf(stored.id), await shape.read(stored));
    } catch (error) {
      if (errorCode(error) !== "CORRUPT_RECORD") throw error;
      events.leftOut(error);
      return undefined;
    }
  }

  /** The key of the user's session with that handle. */
  async function findByHandle(userId: string, handle: string): Promise<string | undefined> {
    const userKey = userKeyOf(userId);
    if (hashIds) {
      // The handle has the shape of an id and is the key's own name: one look-up shows whose session it is.
      const found = isSessionId(handle) ? await access.find(prefix + handle) : null;
      return found !== null && records.ownerOf(found) === userKey ? found.id : undefined;
    }
    const sessions = await access.listByUser(userKey);
    return sessions.find((session) => names.handleOf(session.id) === handle)?.id;
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
