/** A client as the store uses it: any command, sent to the node that holds the key. */
export interface RedisCommands {
  /** `key` is among the arguments too; it is named again for clients that have to be told where to send a command. */
  send(key: string, command: string, args: readonly string[]): Promise<unknown>;
}

/** The methods that tell clients apart, and that their own types make hard to name together. */
interface AnyClient {
  readonly send?: unknown;
  readonly call?: unknown;
  readonly sendCommand?: unknown;
  /** node-redis, Cluster only. */
  readonly slots?: unknown;
  /** node-redis, Sentinel only. */
  readonly getSentinelNode?: unknown;
}

type Method<Args extends unknown[]> = (...args: Args) => Promise<unknown>;

/**
 * Any command through the client, or `undefined` for one that has only named methods. Known are `Bun.RedisClient` and
 * what `createRedisClient` gives (`send`), ioredis on one node or a Cluster (`call`), and node-redis as a client, a
 * pool, a Sentinel or a Cluster (`sendCommand`, each with other parameters).
 */
export function toRedisCommands(client: object): RedisCommands | undefined {
  const { send, call, sendCommand, slots, getSentinelNode } = client as AnyClient;
  if (typeof send === "function") {
    const method = send as Method<[command: string, args: string[]]>;
    return { send: (_, command, args) => method.call(client, command, [...args]) };
  }
  if (typeof call === "function") {
    const method = call as Method<string[]>;
    return { send: (_, command, args) => method.call(client, command, ...args) };
  }
  if (typeof sendCommand !== "function") return undefined;
  if (slots !== undefined) {
    const method = sendCommand as Method<[key: string, isReadonly: boolean, args: string[]]>;
    return { send: (key, command, args) => method.call(client, key, false, [command, ...args]) };
  }
  if (getSentinelNode !== undefined) {
    const method = sendCommand as Method<[isReadonly: boolean, args: string[]]>;
    return { send: (_, command, args) => method.call(client, false, [command, ...args]) };
  }
  const method = sendCommand as Method<[args: string[]]>;
  return { send: (_, command, args) => method.call(client, [command, ...args]) };
}
