import { invalidOption } from "./invalid-option.ts";
import type { RedisClientOptions, RedisTlsOptions } from "./redis-client-options.ts";

export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** What holds for every node of the group, and where to begin. */
export interface GroupOptions {
  readonly kind: "cluster" | "sentinel";
  /** Of a Cluster, or of the Sentinels. */
  readonly nodes: readonly NodeAddress[];
  readonly credentials: { readonly username?: string; readonly password?: string };
  readonly tls: boolean | RedisTlsOptions | undefined;
  readonly sentinel: { readonly name: string; readonly password?: string } | undefined;
}

/**
 * Credentials and TLS in the URL of one node are those of all: the other nodes are known by their addresses only.
 * Throws `INVALID_OPTION`, without the URLs, which may hold a password.
 */
export function toGroupOptions(options: RedisClientOptions): GroupOptions {
  if (options.sentinel !== undefined) return toSentinelOptions(options, options.sentinel);
  const urls = toList(options.cluster).map((url) => URL.parse(String(url)));
  const wanted = "it must be URLs of nodes, redis://host:port or rediss://host:port";
  if (urls.length === 0) throw invalidOption("cluster", options.cluster, wanted);
  const nodes = urls.map((url) => {
    if (url === null || !/^(redis|valkey)s?:$/.test(url.protocol) || url.hostname === "") {
      throw invalidOption("cluster", options.cluster, wanted);
    }
    return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 6379) };
  });
  const signedIn = urls.find((url) => url?.password);
  const username = options.username ?? decode(signedIn?.username);
  const password = options.password ?? decode(signedIn?.password);
  return {
    kind: "cluster",
    nodes,
    credentials: credentialsOf(username, password),
    tls:
      options.tls ?? (urls.some((url) => /^(rediss|valkeys):$/.test(url?.protocol ?? "")) ? true : undefined),
    sentinel: undefined,
  };
}

function toSentinelOptions(
  { username, password, tls }: RedisClientOptions,
  sentinel: NonNullable<RedisClientOptions["sentinel"]>,
): GroupOptions {
  const { name, nodes, password: sentinelPassword } = sentinel;
  if (typeof name !== "string" || name === "") {
    throw invalidOption(
      "sentinel.name",
      name,
      "it must be the name under which the Sentinels watch the primary",
    );
  }
  const isAddress = ({ host, port }: NodeAddress): boolean =>
    typeof host === "string" && host !== "" && Number.isInteger(port) && port > 0 && port < 65_536;
  if (toList(nodes).length === 0 || !toList(nodes).every(isAddress)) {
    throw invalidOption("sentinel.nodes", nodes, "it must be the Sentinels, each with a host and a port");
  }
  return {
    kind: "sentinel",
    nodes,
    credentials: credentialsOf(username, password),
    tls,
    sentinel: { name, ...(sentinelPassword !== undefined && { password: sentinelPassword }) },
  };
}

function credentialsOf(username = "", password = ""): GroupOptions["credentials"] {
  return { ...(username !== "" && { username }), ...(password !== "" && { password }) };
}

function decode(text: string | undefined): string | undefined {
  return text === undefined ? undefined : decodeURIComponent(text);
}

function toList<Item>(items: readonly Item[] | undefined): readonly Item[] {
  return Array.isArray(items) ? items : [];
}
