/**
 * The methods that the store needs of a client written by hand. With the last three it can find a user's sessions.
 * A client that can send any command (`Bun.RedisClient`, node-redis, ioredis, `createRedisClient`) gives every
 * guarantee; one of these methods alone gives those of one process.
 */
export interface RedisSessionClientLike {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  expire(key: string, seconds: number): Promise<number>;
  del(key: string): Promise<number>;
  /** The user's sessions: the set's key, and ids. */
  sadd?(key: string, ...members: string[]): Promise<number>;
  srem?(key: string, ...members: string[]): Promise<number>;
  smembers?(key: string): Promise<string[]>;
}

/**
 * A client that sends any command: node-redis (`sendCommand`), ioredis (`call`), `Bun.RedisClient` and what
 * `createRedisClient` gives (`send`).
 */
export type RedisCommandClient =
  | { sendCommand(...args: never[]): Promise<unknown> }
  | { call(...args: never[]): Promise<unknown> }
  | { send(...args: never[]): Promise<unknown> };
