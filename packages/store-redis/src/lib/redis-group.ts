import { createCluster, createSentinel } from "redis";
import type { GroupOptions } from "./group-options.ts";

/** A Cluster or a group behind Sentinels, through node-redis: it follows slots and primaries as they move. */
export interface RedisGroup {
  /** One attempt, that ends. */
  connect(): Promise<unknown>;
  send(key: string, args: string[]): Promise<unknown>;
  /** Ends its connections; what waits on them rejects. */
  destroy(): void;
}

export interface RedisGroupOptions extends GroupOptions {
  /** Milliseconds for one command. */
  readonly timeout: number;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds. */
const LONGEST_PAUSE = 1000;

export function createRedisGroup(options: RedisGroupOptions): RedisGroup {
  return options.kind === "cluster" ? clusterOf(options) : sentinelOf(options);
}

/** A server that hangs keeps its sockets open: a ping without an answer closes them, where nothing else is sent. */
function socketOptions({ tls, timeout }: RedisGroupOptions) {
  return {
    connectTimeout: timeout,
    socketTimeout: timeout * 2,
    reconnectStrategy: (retries: number): number =>
      Math.min(25 * 2 ** retries, LONGEST_PAUSE) * (0.5 + Math.random() / 2),
    ...(tls === true && { tls: true as const }),
    ...(typeof tls === "object" && { tls: true as const, ...tls }),
  };
}

function clusterOf(options: RedisGroupOptions): RedisGroup {
  const { nodes, credentials, timeout, onError } = options;
  const socket = socketOptions(options);
  const cluster = createCluster({
    // Asked for the layout only, one after the other: one that hangs must not hold up the next for long.
    rootNodes: nodes.map((node) => ({ socket: { ...socket, ...node, socketTimeout: timeout } })),
    defaults: { ...credentials, pingInterval: timeout / 2, socket },
    // What waits for a connection is not to be sent when nobody waits for it any more.
    commandOptions: { timeout },
    // Otherwise one node that is down keeps the client from connecting to all others.
    minimizeConnections: true,
    // A node that does not come back has a successor within seconds.
    topologyRefreshOnReconnectionAttemptStrategy: Math.ceil(timeout),
  });
  cluster.on("error", onError);
  cluster.on("node-error", onError);
  return {
    connect: () => cluster.connect(),
    send: (key, args) => cluster.sendCommand(key, false, args),
    destroy: () => abandon(cluster),
  };
}

function sentinelOf(options: RedisGroupOptions): RedisGroup {
  const { nodes, credentials, timeout, onError, sentinel: { name = "", password } = {} } = options;
  const socket = socketOptions(options);
  const sentinel = createSentinel({
    name,
    sentinelRootNodes: [...nodes],
    nodeClientOptions: { ...credentials, pingInterval: timeout / 2, socket },
    sentinelClientOptions: { ...(password !== undefined && { password }), socket },
    commandOptions: { timeout },
    scanInterval: timeout,
    passthroughClientErrorEvents: true,
  });
  sentinel.on("error", onError);
  return {
    connect: () => sentinel.connect(),
    send: (_, args) => sentinel.sendCommand(false, args),
    destroy: () => abandon(sentinel),
  };
}

/** `destroy` throws, or rejects, on what was never connected. */
function abandon(group: { destroy(): unknown }): void {
  try {
    Promise.resolve(group.destroy()).catch(() => undefined);
  } catch {
    // It holds nothing then.
  }
}
