import assert from "node:assert/strict";

const created = await session.create({ userId: "u1", role: "admin" });
assert.ok(Math.abs(created.expiresAt - Date.now() - 86_400_000) < 60_000);
assert.deepEqual(await session.get(created.id), created);
await Promise.all([session.update(created.id, { a: 1 }), session.update(created.id, { b: 2 })]);
assert.deepEqual((await session.get(created.id))?.data, { userId: "u1", role: "admin", a: 1, b: 2 });
assert.deepEqual(store.capabilities, { atomic: true, byUser: true });

// The key has the store's prefix and none from the manager, and the server holds no id.
const name = session.handleOf(created.id);
const record = await redis.get(`app:session:id:${name}`);
assert.equal(JSON.parse(record ?? "{}").exp, created.expiresAt);
assert.ok(!record?.includes(created.id));
assert.equal(await redis.get(`app:session:id:${created.id}`), null);
const ofUser = Bun.SHA256.hash("u1", "base64url");
assert.ok(Number(await redis.send("ZCARD", [`app:session:user:${ofUser}`])) >= 1);

// What one program writes another one reads.
const elsewhere = createRedisClient({ url: process.env.REDIS_URL ?? "redis://localhost:6379" });
const other = createSessionManager(
  createRedisSessionStore({ client: elsewhere, keyPrefix: "app:session:" }),
  { ttl: 86400 },
);
assert.deepEqual(await other.get(created.id), await session.get(created.id));
await other.destroy(created.id);
assert.equal(await session.get(created.id), null);
await session.update(created.id, { a: 2 });
assert.equal(await redis.get(`app:session:id:${name}`), null);

// Then the program ends by itself.
await elsewhere.close();
await redis.close();
