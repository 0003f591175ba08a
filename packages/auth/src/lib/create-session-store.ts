import { SessionError, type SessionStore } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { createRedisClient, createRedisSessionStore, type RedisClientOptions } from "@ventostack/store-redis";
import { createSqlSessionStore } from "@ventostack/store-sql";

/**
 * The store that a URL names, so that one setting moves an application from one store to another.
 *
 * - `memory:` sessions in the memory of this process
 * - `redis://[user:password@]host[:port][/db]` a Redis or Valkey server; `rediss://` over TLS
 * - `redis+cluster://host:port,host:port` a Cluster, by some of its nodes; `rediss+cluster://` over TLS
 * - `redis+sentinel://host:port,host:port/name` the primary that those Sentinels watch under that name
 * - `sqlite:file.db` a file, which is made where there is none
 * - `postgres://[user:password@]host[:port]/database`, `mysql://...`: a table there; also `postgresql://`, `mariadb://`
 *
 * Of SQL the table is made or upgraded, so the database has to be there; where it is not, this rejects with
 * `STORE_UNAVAILABLE`. Closing the store closes its connections. Rejects with `INVALID_OPTION` on any other URL.
 */
export async function createSessionStore(url: string): Promise<SessionStore> {
  if (url === "memory:") return createMemorySessionStore();
  const options = redisOptions(url);
  if (options !== undefined) return createOwningRedisStore(options);
  if (/^(sqlite|postgres|postgresql|mysql|mariadb):/.test(url)) return createReadySqlStore(url);
  // Only the scheme is shown: what follows may hold a password.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? "no scheme";
  throw new SessionError(
    "INVALID_OPTION",
    `The store URL has ${scheme}, which names no session store; use memory:, sqlite:, postgres://, mysql://, redis://, rediss://, redis+cluster:// or redis+sentinel://.`,
  );
}

/** A store that closes the client which was made for it. */
function createOwningRedisStore(options: RedisClientOptions): SessionStore {
  const client = createRedisClient(options);
  const store = createRedisSessionStore({ client });
  return {
    ...store,
    async close() {
      await store.close?.();
      await client.close();
    },
  };
}

/** A store whose table is there. */
async function createReadySqlStore(url: string): Promise<SessionStore> {
  let store: SessionStore | undefined;
  try {
    const opened = createSqlSessionStore({ url });
    store = opened;
    await opened.migrate();
    return opened;
  } catch (error) {
    await store?.close?.();
    if (error instanceof SessionError) throw error;
    throw new SessionError(
      "STORE_UNAVAILABLE",
      "The table of sessions could not be made ready; the database's error is the cause of this one.",
      { cause: error },
    );
  }
}

const SEVERAL_HOSTS =
  /^redis(?<tls>s?)\+(?<kind>cluster|sentinel):\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<name>[^/?#]*))?$/;
const HOST = /^(?<host>\[[\da-f:.]+\]|[^\s:[\]]+)(?::(?<port>\d{1,5}))?$/i;

/** What a Redis URL says; `undefined` for another kind of URL. Several hosts are no URL, so those are taken apart here. */
export function redisOptions(url: string): RedisClientOptions | undefined {
  if (/^rediss?:\/\//.test(url)) return { url };
  if (!/^rediss?\+(cluster|sentinel):/.test(url)) return undefined;
  const { tls, kind, user, password, hosts = "", name = "" } = SEVERAL_HOSTS.exec(url)?.groups ?? {};
  const isCluster = kind === "cluster";
  const nodes = hosts.split(",").map((text) => HOST.exec(text)?.groups ?? {});
  // A Cluster has no numbered databases, so nothing may follow its hosts.
  if (!nodes.every(({ host, port = "1" }) => host && isPort(Number(port))) || isCluster === (name !== "")) {
    throw malformed();
  }
  const options: RedisClientOptions = {
    ...(user && { username: decode(user) }),
    ...(password && { password: decode(password) }),
    ...(tls && { tls: true }),
  };
  if (isCluster) {
    return { ...options, cluster: nodes.map(({ host, port = 6379 }) => `redis${tls}://${host}:${port}`) };
  }
  const sentinels = nodes.map(({ host = "", port = 26_379 }) => ({
    host: host.replace(/^\[|\]$/g, ""),
    port: Number(port),
  }));
  return { ...options, sentinel: { name: decode(name), nodes: sentinels } };
}

const isPort = (port: number): boolean => port > 0 && port < 65_536;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed();
  }
}

/** Nothing of the URL is shown: any part of it may be a password that was not written as it should be. */
function malformed(): SessionError {
  return new SessionError(
    "INVALID_OPTION",
    "The store URL is not of the form redis+cluster://user:password@host:port,host:port or " +
      "redis+sentinel://user:password@host:port,host:port/name; user and password may be left out, and what has a " +
      "meaning in a URL has to be percent-encoded in them (@ as %40, / as %2F, % as %25).",
  );
}
