import assert from "node:assert/strict";

assert.deepEqual(store.capabilities, { atomic: false, byUser: false });
const small = await session.create({ userId: "u1" });
await Promise.all([session.update(small.id, { a: 1 }), session.update(small.id, { b: 2 })]);
assert.deepEqual((await session.get(small.id))?.data, { userId: "u1", a: 1, b: 2 });
const key = `session:id:${session.handleOf(small.id)}`;
assert.ok((await bun.ttl(key)) > 3500);
const renamed = await session.regenerate(small.id);
assert.equal(await session.get(small.id), null);
await session.touch(renamed?.id ?? "");
assert.notEqual(await session.get(renamed?.id ?? ""), null);

// No list that is empty because nobody can look.
for (const call of [session.listByUser("u1"), session.destroyByUser("u1")]) {
  await assert.rejects(call, { code: "UNSUPPORTED" });
}
assert.equal(await session.destroyByHandle("u1", session.handleOf(renamed?.id ?? "")), true);
assert.equal(await session.get(renamed?.id ?? ""), null);

// A program that died after SET and before EXPIRE: the key has no TTL, and the session is dead at its end all the same.
const orphan = await session.create({ userId: "u1" });
const orphanKey = `session:id:${session.handleOf(orphan.id)}`;
const text = (await bun.get(orphanKey)) ?? "";
await bun.set(orphanKey, text.replace(/"exp":\d{13}/, `"exp":${Date.now() - 1}`));
assert.equal(await bun.ttl(orphanKey), -1);
assert.equal(await session.get(orphan.id), null);
assert.equal(await bun.get(orphanKey), null);
