import type {
  ListByUserOptions,
  Refreshed,
  ReplaceOutcome,
  SessionStore,
  StoredSession,
} from "@ventostack/auth-core";
import { endSessionsOfUser } from "./end-sessions-of-user.ts";
import { inBatches } from "./in-batches.ts";
import type { Keys } from "./keys.ts";
import { createPruner } from "./pruner.ts";
import { decodeRecord, encodeRecord, hashOfKey, MAX_TIME, oldKeyIn, unreadable } from "./record.ts";
import type { RedisCommands } from "./redis-commands.ts";
import { toRecordError, unlessUnreadable } from "./redis-errors.ts";
import { type RedisScript, runScript } from "./redis-script.ts";
import { IS_OF_USER, REFRESH, REMOVE, REMOVE_OF_USER, REPLACE, WRITE } from "./scripts.ts";
import { createUserIndex, IN_FLIGHT, type IndexMember } from "./user-index.ts";

/**
 * How many times as long as its sessions a user's set lives: within that time a session that slides need not extend
 * it, so that a touch is one command.
 */
const INDEX_LIFETIMES = 4;

/** Every method of a store, each with one key per command: for a client that can send any command. */
export function createFullStore(
  client: RedisCommands,
  keys: Keys,
): Required<Omit<SessionStore, "keyPrefix">> {
  let closed = false;
  const commands: RedisCommands = {
    send: (key, name, args) =>
      closed
        ? Promise.reject(new Error("The Redis session store has been closed: create a new one."))
        : client.send(key, name, args),
  };
  const pruner = createPruner((userKey) => prune(userKey));
  const index = createUserIndex(commands, keys, pruner.grown);

  const script = (source: RedisScript, id: string, ...args: string[]): Promise<unknown> =>
    runScript(commands, source, keys.session(id), ...args).catch(toRecordError);
  const send = (name: string, key: string): Promise<unknown> => commands.send(key, name, [key]);
  const command = (name: string, id: string): Promise<unknown> =>
    send(name, keys.session(id)).catch(toRecordError);

  /** The one that every request needs: without a promise more than it takes. */
  function read(id: string): Promise<StoredSession | null> {
    return send("GET", keys.session(id)).then((value) => decodeIfAny(id, value), toRecordError);
  }

  /** Puts the session in its user's set, before it is written; until when that is sure to hold it. */
  async function addToIndex(session: StoredSession, joins?: boolean): Promise<number> {
    const { id, userKey, expiresAt, absoluteExpiresAt } = session;
    if (userKey === undefined) return MAX_TIME;
    const now = Date.now();
    const lifetime = Math.max(expiresAt - now, 0) * INDEX_LIFETIMES;
    // No session outlives its absolute end, so nor need the set; a minute more covers clocks that differ.
    const needed = absoluteExpiresAt === undefined ? lifetime : Math.min(lifetime, absoluteExpiresAt - now);
    const until = await index.add(userKey, id, needed + IN_FLIGHT, joins);
    // This machine's clock is ahead of the server's by more than the set had to spare.
    return until >= expiresAt ? until : index.add(userKey, id, needed + IN_FLIGHT + (expiresAt - until));
  }

  /** `false`: there is one under the key already. */
  async function write(session: StoredSession, condition: "NX" | "", old?: string): Promise<boolean> {
    const indexedUntil = await addToIndex(session);
    const record = encodeRecord({ session, indexedUntil, ...(old !== undefined && { old }) });
    const written = await script(WRITE, session.id, record, condition);
    if (written === -1) {
      throw new Error(
        "The session's end is past by the clock of the Redis server: this machine's clock is behind it.",
      );
    }
    return written === 1;
  }

  async function refresh(
    id: string,
    ttl: number,
    whenBelow: number,
  ): Promise<Refreshed<StoredSession> | null> {
    const lifetime = String(Math.round(ttl * 1000));
    const threshold = String(Math.min(Math.round(whenBelow * 1000), Number.MAX_SAFE_INTEGER));
    let extendedIndex: string[] = [];
    for (;;) {
      const reply = await script(REFRESH, id, lifetime, threshold, ...extendedIndex);
      if (!Array.isArray(reply)) return null;
      const [value, state] = reply;
      const session = decodeRecord(id, value);
      if (state !== 2) return { session, extended: state === 1 };
      // A set has to outlive the sessions in it, so it goes first. Another writer may come in between: then again.
      const until = await addToIndex({ ...session, expiresAt: Date.now() + ttl * 1000 });
      extendedIndex = [String(until), String(session.revision)];
    }
  }

  async function replaceInPlace(session: StoredSession, revision: number): Promise<ReplaceOutcome> {
    const replaceWith = (indexedUntil: number, known: string): Promise<unknown> =>
      script(REPLACE, session.id, String(revision), encodeRecord({ session, indexedUntil }), known);
    let [outcome] = (await replaceWith(MAX_TIME, "")) as [number];
    if (outcome === 3) {
      const reply = await replaceWith(await addToIndex(session, true), "known");
      const [outcomeNow, before, at] = reply as [number, string?, string?];
      outcome = outcomeNow;
      // Another process may bring it back to that user before this gets there.
      if (outcome === 1) leaveIndex(before, session.id, Number(at));
    }
    return outcome === 1 ? "replaced" : outcome === 0 ? "gone" : "changed";
  }

  /**
   * The new one is written before the old one is taken, so that no crash loses the session; until the old one was
   * taken nobody knows the new id. Whoever ends the old one in between ends the new one with it.
   */
  async function move(id: string, session: StoredSession, revision: number): Promise<ReplaceOutcome> {
    if (!(await write(session, "NX", hashOfKey(id)))) return "changed";
    const [outcome, user] = (await script(REMOVE, id, String(revision))) as [number, string?];
    if (outcome === 1) {
      leaveIndex(user, id);
      return "replaced";
    }
    await command("DEL", session.id);
    if (session.userKey !== undefined) leaveIndex(JSON.stringify(session.userKey), session.id);
    return outcome === 0 ? "gone" : "changed";
  }

  /** Not waited for: a member without a session is no session, and is pruned in time. `user` as JSON text. */
  function leaveIndex(user: string | undefined, id: string, before?: number): void {
    const userKey: unknown = JSON.parse(user ?? '""');
    if (typeof userKey !== "string" || userKey === "") return;
    pruner.inBackground(() => index.remove(userKey, [id], before));
  }

  /** What was under the key, which is there no more. */
  async function take(id: string): Promise<string | undefined> {
    const value = await command("GETDEL", id);
    if (typeof value !== "string") return undefined;
    leaveIndex(ownerOf(value), id);
    return value;
  }

  /** Removes the members that stand for no session of the user, but for those that may be about to; how many it left. */
  async function prune(userKey: string): Promise<number> {
    const user = JSON.stringify(userKey);
    const { members, readAt } = await index.members(userKey);
    const stays = await inBatches(members, async ({ id, age }) => {
      if (age < IN_FLIGHT) return true;
      const state = await unlessUnreadable(script(IS_OF_USER, id, user), -2);
      return state === 1 || state === -2;
    });
    await index.remove(userKey, idsOf(members.filter((_, at) => !stays[at])), readAt);
    return stays.filter(Boolean).length;
  }

  async function listByUser(userKey: string, { onTrip }: ListByUserOptions = {}): Promise<StoredSession[]> {
    const { members, readAt } = await index.members(userKey);
    onTrip?.();
    const olds = new Map<string, string | undefined>();
    const found = await inBatches(members, async ({ id }) => {
      const value = await unlessUnreadable(command("GET", id), "");
      onTrip?.();
      if (typeof value !== "string") return undefined;
      const session = await unlessUnreadable(decode(id, value), unreadable(id));
      // What another release wrote is the manager's to refuse: only that release knows whose it is.
      if (session.version === 1 && session.userKey !== userKey) return undefined;
      olds.set(hashOfKey(id), oldKeyIn(value));
      return session;
    });
    const dead = members.filter(({ age }, at) => age >= IN_FLIGHT && !found[at]);
    await index.remove(userKey, idsOf(dead), readAt);
    // In the midst of a move a session is there twice: it is still the old one.
    return found.filter(
      (session) => session !== undefined && !olds.has(olds.get(hashOfKey(session.id)) ?? ""),
    ) as StoredSession[];
  }

  return {
    capabilities: { atomic: true, byUser: true },
    get: read,
    load: read,
    set: async (session) => {
      const stored = { createdAt: Date.now(), revision: 0, version: 1, ...session };
      if (stored.expiresAt > Date.now()) await write(stored, "");
      else await command("DEL", session.id);
    },
    insert: (session) => write(session, "NX"),
    delete: async (id) => {
      await take(id);
    },
    remove: async (id) => {
      const value = await take(id);
      // One that could not be read was no session to anyone.
      return value === undefined ? null : unlessUnreadable(decode(id, value), null);
    },
    touch: async (id, ttl) => {
      await refresh(id, ttl, Number.POSITIVE_INFINITY);
    },
    refresh: (id, ttl, whenBelow = Number.POSITIVE_INFINITY) => refresh(id, ttl, whenBelow),
    replace: (id, session, revision) =>
      session.id === id ? replaceInPlace(session, revision) : move(id, session, revision),
    listByUser,
    deleteByUser: (userKey, options) =>
      endSessionsOfUser(index, userKey, options, async (id) => {
        const removed = script(REMOVE_OF_USER, id, JSON.stringify(userKey));
        return (await unlessUnreadable(removed, [-2])) as [number, string?];
      }),
    close: async () => {
      await pruner.settled();
      closed = true;
    },
  };
}

const decode = async (id: string, value: string): Promise<StoredSession> => decodeRecord(id, value);

function decodeIfAny(id: string, value: unknown): StoredSession | null {
  return value === null || value === undefined ? null : decodeRecord(id, value);
}

const idsOf = (members: readonly IndexMember[]): string[] => members.map(({ id }) => id);

/** The user in a record, as JSON text; `undefined` where it is none. */
function ownerOf(value: string): string | undefined {
  return /^\{[^{]*?,"user":("(?:[^"\\]|\\.)*"),"data":/.exec(value)?.[1];
}
