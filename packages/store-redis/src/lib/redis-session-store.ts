import type { SessionStore } from "@ventostack/auth-core";
import { createFullStore } from "./full-store.ts";
import { invalidOption } from "./invalid-option.ts";
import { createKeys } from "./keys.ts";
import { createMinimalStore } from "./minimal-store.ts";
import { toRedisCommands } from "./redis-commands.ts";
import type { RedisCommandClient, RedisSessionClientLike } from "./redis-session-client.ts";

export interface RedisSessionStoreOptions {
  /** A connected client. It stays yours to close. */
  client: RedisSessionClientLike | RedisCommandClient;
  /** Put before every key. Default `"session:"`. */
  keyPrefix?: string;
}

/**
 * Sessions in Redis 6.2 or later, or Valkey: on one node, behind Sentinel, or on a Cluster. What it can promise depends
 * on the client: see `capabilities`, and {@link RedisSessionClientLike}. Throws `INVALID_OPTION`.
 */
export function createRedisSessionStore(options: RedisSessionStoreOptions): SessionStore {
  const { client, keyPrefix = "session:" } = options;
  if (typeof keyPrefix !== "string" || /[{}]/.test(keyPrefix)) {
    throw invalidOption(
      "keyPrefix",
      keyPrefix,
      "it must be a string without braces, which would put every key on one node of a Cluster",
    );
  }
  // A function has a `call` of its own, and is no ioredis for that.
  const isObject = typeof client === "object" && client !== null;
  const commands = isObject ? toRedisCommands(client) : undefined;
  const keys = createKeys(keyPrefix);
  if (commands !== undefined) return { ...createFullStore(commands, keys), keyPrefix };
  if (!isObject || !hasFourMethods(client)) {
    throw invalidOption(
      "client",
      client,
      "it needs the methods get, set, expire and del, or a client that sends any command",
    );
  }
  return { ...createMinimalStore(client, keys), keyPrefix };
}

function hasFourMethods(client: object): client is RedisSessionClientLike {
  return ["get", "set", "expire", "del"].every((name) => typeof Reflect.get(client, name) === "function");
}
