function createRedisSessionStore(options: RedisSessionStoreOptions): SessionStore {
  return auth.createRedisSessionStore(options);
}

import assert from "node:assert/strict";
import * as auth from "@ventostack/auth";
import { createRedisClient } from "@ventostack/cache";

// The documented interfaces fit the packages in both directions: what is exported, and what is written by hand.
const documentedClient: RedisSessionClientLike = createRedisClient({
  url: process.env.REDIS_URL ?? "redis://localhost:6379",
});
const exportedClient: auth.RedisSessionClientLike = documentedClient;
const { get, set, expire, del } = documentedClient;
const onlyFour: RedisSessionClientLike = { get, set, expire, del };
for (const client of [documentedClient, onlyFour]) {
  const manager: SessionManager = auth.createSessionManager(
    createRedisSessionStore({ client, keyPrefix: "documented:" }),
    { ttl: 60 },
  );
  const made: Session = await manager.create({ userId: "u1" });
  await manager.update(made.id, { theme: "dark" });
  await manager.touch(made.id);
  const read: Session | null = await manager.get(made.id);
  assert.deepEqual(read?.data, { userId: "u1", theme: "dark" });
  await manager.destroy(made.id);
  assert.equal(await manager.get(made.id), null);
}
await (exportedClient as auth.RedisSessionClientLike & { close(): Promise<void> }).close();
