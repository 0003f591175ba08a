import type { Session, SessionStore, StoredSession } from "@ventostack/auth";

/** A record is its revision, a line break and the session as JSON. The server keeps the end, as the key's expiry. */
const READ = `
  local record = redis.call('GET', KEYS[1])
  return record and {record, redis.call('PEXPIRETIME', KEYS[1])}`;

/** In one step for every client: nothing comes between the comparison and what it leads to. */
const REPLACE = `
  local record = redis.call('GET', KEYS[1])
  if not record then return 'gone' end
  if string.match(record, '^%d+') ~= ARGV[1] then return 'changed' end
  if KEYS[1] == KEYS[2] then redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL') return 'replaced' end
  if redis.call('EXISTS', KEYS[2]) == 1 then return 'changed' end
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[2], ARGV[2], 'PXAT', ARGV[3])
  return 'replaced'`;

/** What the store needs of a client: `Bun.RedisClient` has it. */
export interface CommandClient {
  send(command: string, args: string[]): Promise<unknown>;
}

/** Sessions on one node of Redis 7 or Valkey. */
export function createKeyValueStore(client: CommandClient, prefix: string) {
  const keyOf = (id: string): string => prefix + id;
  const recordOf = (session: Partial<StoredSession>): string =>
    `${session.revision ?? 0}\n${JSON.stringify(session)}`;
  const write = (session: Session, ...condition: string[]): Promise<unknown> =>
    client.send("SET", [
      ...[keyOf(session.id), recordOf(session), "PXAT", String(session.expiresAt), ...condition],
    ]);

  async function load(id: string): Promise<StoredSession | null> {
    const found = (await client.send("EVAL", [READ, "1", keyOf(id)])) as [string, number] | null;
    return found && { ...parse(found[0]), id, expiresAt: found[1] };
  }

  return {
    capabilities: { atomic: true, byUser: false },
    get: load,
    load,
    async set(session) {
      await write(session);
    },
    async delete(id) {
      await client.send("DEL", [keyOf(id)]);
    },
    async touch(id, ttl) {
      const end = Math.ceil(Date.now() + ttl * 1000);
      await client.send("PEXPIREAT", [keyOf(id), String(end), "GT"]); // GT: only to a later end
    },
    insert: async (session) => (await write(session, "NX")) !== null,
    async replace(id, session, revision) {
      const keys = [keyOf(id), keyOf(session.id)];
      const args = [String(revision), recordOf(session), String(session.expiresAt)];
      return (await client.send("EVAL", [REPLACE, "2", ...keys, ...args])) as "replaced" | "changed" | "gone";
    },
  } satisfies SessionStore;
}

/** An error with a code that the manager knows keeps that code; any other becomes STORE_UNAVAILABLE. */
function parse(record: string): StoredSession {
  try {
    return JSON.parse(record.slice(record.indexOf("\n") + 1));
  } catch (cause) {
    throw Object.assign(new Error("A record is not JSON.", { cause }), { code: "CORRUPT_RECORD" });
  }
}
