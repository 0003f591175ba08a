export interface RedisClientOptions {
  /** One node: `redis://[user:password@]host[:port][/db]`, `rediss://` for TLS, `redis+unix://` for a socket. */
  url?: string;
  /** Some nodes of a Cluster, each as a URL; the others are found through them. */
  cluster?: readonly string[];
  /** A group of Sentinels, and the name under which they watch the primary. */
  sentinel?: SentinelOptions;
  /** In place of those in the URL. */
  username?: string;
  password?: string;
  /** `true`, or options of a TLS socket. Implied by `rediss://`. */
  tls?: boolean | RedisTlsOptions;
  /** Milliseconds for one command, waiting for a connection included. Default 1500. */
  commandTimeout?: number;
  /** Commands that may be waiting or under way at once; further ones reject. Default 10,000. */
  maxQueue?: number;
}

export interface SentinelOptions {
  readonly name: string;
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** For the Sentinels themselves, where they ask for one. */
  readonly password?: string;
}

export interface RedisTlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}

/** What the documents name, and any other command. Every call settles within `commandTimeout`. */
export interface RedisClient {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  expire(key: string, seconds: number): Promise<number>;
  del(key: string): Promise<number>;
  sadd(key: string, ...members: string[]): Promise<number>;
  srem(key: string, ...members: string[]): Promise<number>;
  smembers(key: string): Promise<string[]>;
  /** Any command with one key: its first argument, or for `EVAL` and `EVALSHA` the third. */
  send(command: string, args: readonly string[]): Promise<unknown>;
  /** Ends the connections; commands that wait or are under way reject. May be repeated. */
  close(): Promise<void>;
}

/** A way to the server or servers: sends a command as soon as it can, without a limit of time. */
export interface Connection {
  send(key: string, command: string, args: readonly string[]): Promise<unknown>;
  /** `GET`, told to one of the two functions: where reads are joined, a promise for each would take as long as the rest. */
  read?(key: string, resolve: (value: unknown) => void, reject: (error: unknown) => void): void;
  /** Told that a command got no answer in time: the connection may be dead without knowing it. */
  suspect(): void;
  /** What last kept it from connecting. */
  readonly lastError: unknown;
  close(): Promise<void>;
}
