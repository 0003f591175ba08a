import { RedisClient } from "bun";
import { redisUrl, TTL, type User } from "../user.ts";
import { serveDocuments } from "./documents.ts";

export function start(): number {
  const client = new RedisClient(redisUrl());
  const keyOf = (id: string): string => `documents:${id}`;
  return serveDocuments({
    get: async (id) => {
      const value = await client.get(keyOf(id));
      return value === null ? null : (JSON.parse(value) as { data: User });
    },
    set: async (id, data) => {
      await client.set(keyOf(id), JSON.stringify({ data }));
      await client.expire(keyOf(id), TTL);
    },
    touch: async (id) => {
      await client.expire(keyOf(id), TTL);
    },
  });
}
