import { memoryAdapter } from "better-auth/adapters/memory";
import { RedisClient } from "bun";
import { redisUrl } from "../user.ts";
import { serveBetterAuth } from "./better-auth.ts";

/** Users in memory, sessions in Redis, as its documentation calls a secondary storage. */
export function start(): number {
  const client = new RedisClient(redisUrl());
  return serveBetterAuth({
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    secondaryStorage: {
      get: (key) => client.get(`better-auth:${key}`),
      set: async (key, value, ttl) => {
        if (ttl) await client.set(`better-auth:${key}`, value, "EX", ttl);
        else await client.set(`better-auth:${key}`, value);
      },
      delete: async (key) => {
        await client.del(`better-auth:${key}`);
      },
      getAndDelete: (key) => client.getdel(`better-auth:${key}`),
      increment: async (key, ttl) => {
        const count = await client.incr(`better-auth:${key}`);
        if (count === 1) await client.expire(`better-auth:${key}`, ttl);
        return count;
      },
    },
  });
}
