import type { StoredSession } from "@ventostack/auth-core";
import type { Keys } from "./keys.ts";
import { decodeRecord } from "./record.ts";
import type { RedisCommands } from "./redis-commands.ts";
import { toRecordError, unlessUnreadable } from "./redis-errors.ts";

/** A key of a session, and what is under it. */
export interface InspectedSession {
  /** The key without its prefix: the session's handle. With `hashIds: false` it is the secret id itself. */
  readonly name: string;
  /** `undefined`: what is there is no record that this release reads. */
  readonly session: StoredSession | undefined;
  /** When the server drops it, by its clock, milliseconds since the epoch; `undefined`: never. */
  readonly endsAt: number | undefined;
  /** Bytes of the record. */
  readonly bytes: number;
  /** Whether log-out everywhere finds it. `true` for one without a user, which has nobody to be found for. */
  readonly isIndexed: boolean;
}

/** The start that the store's scripts go by. */
const RECORD_START = /^\{"v":1,"exp":\d{13},"idx":\d{13},"rev":\d+,"abs":\d+,"created":\d+,"user":"/;

/** `null` where it has ended meanwhile. `serverTime`: milliseconds since the epoch. */
export async function inspectSession(
  commands: RedisCommands,
  keys: Keys,
  name: string,
  serverTime: () => number,
): Promise<InspectedSession | null> {
  const key = keys.session(name);
  const [value, left] = await Promise.all([readText(commands, key), lifetimeOf(commands, key)]);
  if (left === null || value === null) return null;
  const endsAt = left === undefined ? undefined : serverTime() + left;
  const bytes = value === undefined ? 0 : Buffer.byteLength(value);
  const session = value === undefined ? undefined : readRecord(name, value);
  const found = { name, session, endsAt, bytes };
  if (session?.userKey === undefined) return { ...found, isIndexed: true };
  if (await isInSet(commands, keys, session.userKey, name, left)) return { ...found, isIndexed: true };
  // It may have ended, or have gone to another user, between the two looks.
  const again = await readText(commands, key);
  if (again === null) return null;
  const isSame = typeof again === "string" && readRecord(name, again)?.userKey === session.userKey;
  return { ...found, isIndexed: !isSame };
}

async function isInSet(
  commands: RedisCommands,
  keys: Keys,
  userKey: string,
  name: string,
  left: number | undefined,
): Promise<boolean> {
  const set = keys.user(userKey);
  const score = await unlessUnreadable(commands.send(set, "ZSCORE", [set, name]).catch(toRecordError), null);
  if (score === null || score === undefined) return false;
  const setLeft = await lifetimeOf(commands, set);
  // A set without an end outlives everything. The two were not read at the same moment.
  return setLeft === undefined || (setLeft !== null && left !== undefined && setLeft + 1000 >= left);
}

/** `null`: nothing is there; `undefined`: something that is no text. */
async function readText(commands: RedisCommands, key: string): Promise<string | null | undefined> {
  const value = await unlessUnreadable(commands.send(key, "GET", [key]).catch(toRecordError), undefined);
  return value === null || value === undefined ? value : String(value);
}

/** Milliseconds that the key has left; `undefined`: it never ends; `null`: it is not there. */
export async function lifetimeOf(commands: RedisCommands, key: string): Promise<number | undefined | null> {
  const left = Number(await commands.send(key, "PTTL", [key]));
  return left === -2 ? null : left === -1 ? undefined : left;
}

export function readRecord(name: string, value: string): StoredSession | undefined {
  if (!RECORD_START.test(value)) return undefined;
  try {
    const session = decodeRecord(name, value);
    const isObject =
      typeof session.data === "object" && session.data !== null && !Array.isArray(session.data);
    return isObject ? session : undefined;
  } catch {
    // What is no JSON is for the caller to report: it is one of the things looked for.
    return undefined;
  }
}
