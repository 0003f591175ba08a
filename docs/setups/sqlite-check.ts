import assert from "node:assert/strict";

const created = await session.create({ userId: "u1" });
await Promise.all([session.update(created.id, { a: 1 }), session.update(created.id, { b: 2 })]);
assert.deepEqual((await session.get(created.id))?.data, { userId: "u1", a: 1, b: 2 });

// As after a restart, or in another process: the same file, opened again.
const reopened = createSessionManager(createSqliteSessionStore(`${folder}/sessions.db`));
assert.deepEqual(await reopened.get(created.id), await session.get(created.id));
const moved = await reopened.regenerate(created.id);
assert.equal(await session.get(created.id), null);
await reopened.destroy(moved?.id ?? "");
assert.equal(await session.get(moved?.id ?? ""), null);

// The obligations, on the store by itself.
const store = createSqliteSessionStore(`${folder}/other.db`);
const record = { id: "key", data: { a: 1 }, expiresAt: Date.now() + 60_000 };
const fields = {
  createdAt: 1,
  absoluteExpiresAt: Date.now() + 90_000,
  userKey: "u",
  revision: 7,
  version: 1,
};
await store.set({ ...record, ...fields });
assert.deepEqual(await store.get("key"), { ...record, ...fields });
await store.touch("key", 1);
assert.equal((await store.get("key"))?.expiresAt, record.expiresAt);
await store.touch("key", 120);
assert.ok(((await store.get("key"))?.expiresAt ?? 0) > record.expiresAt);
await store.set({ ...record, expiresAt: Date.now() });
await store.touch("key", 120);
assert.equal(await store.get("key"), null);
await store.delete("absent");
await store.touch("absent", 60);
assert.equal(await store.get("absent"), null);

// The absolute end holds although `touch` knows nothing of it.
const strict = createSessionManager(store, { ttl: 60, absoluteTtl: 90 });
const limited = await strict.create();
await strict.touch(limited.id);
assert.equal((await strict.get(limited.id))?.absoluteExpiresAt, limited.absoluteExpiresAt);
const later = createSessionManager(store, { ttl: 60, absoluteTtl: 90, clock: () => Date.now() + 90_000 });
await store.touch(`session:${strict.handleOf(limited.id)}`, 3600);
assert.notEqual(await strict.get(limited.id), null);
assert.equal(await later.get(limited.id), null);

// A store that drops fields loses what they carry.
const forgetful: SessionStore = {
  ...store,
  async get(id) {
    const found = await store.get(id);
    return found && { id: found.id, data: found.data, expiresAt: found.expiresAt };
  },
};
const forgotten = await createSessionManager(forgetful, { ttl: 60, absoluteTtl: 90 }).get(limited.id);
assert.deepEqual([forgotten?.createdAt, forgotten?.absoluteExpiresAt], [undefined, undefined]);

// A record that cannot be read is no outage, and no absence.
new Database(`${folder}/other.db`).run("UPDATE sessions SET record = 'garbage'");
await assert.rejects(strict.get(limited.id), { name: "SessionError", code: "CORRUPT_RECORD" });
for (const call of [strict.listByUser("u1"), strict.destroyByUser("u1")]) {
  await assert.rejects(call, { code: "UNSUPPORTED" });
}
const ended = await session.create({ userId: "u1" });
assert.equal(await session.destroyByHandle("u1", session.handleOf(ended.id)), true);
