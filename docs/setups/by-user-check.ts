import assert from "node:assert/strict";

assert.equal(list.length, 3);
assert.deepEqual(Object.keys(list[0] ?? {}), ["handle", "data", "createdAt", "expiresAt", "authenticatedAt"]);
assert.ok(!JSON.stringify(list).includes(laptop.id));
assert.equal(ended, true);
assert.equal(await session.get(phone.id), null);
assert.equal(others, 1);
assert.equal(await session.get(tablet.id), null);
assert.notEqual(await session.get(laptop.id), null);
assert.equal(await session.get(session.handleOf(laptop.id)), null);
assert.equal(await session.destroyByHandle("u2", session.handleOf(laptop.id)), false);

advance(1);
const numbered = await session.create({ userId: 7 });
advance(1);
const newer = await session.create({ userId: 7 });
assert.deepEqual(
  (await session.listByUser("7")).map((info) => info.handle),
  [newer, numbered].map(({ id }) => session.handleOf(id)),
);
await session.update(newer.id, { userId: "u1" });
assert.equal((await session.listByUser("u1")).length, 2);
assert.equal((await session.listByUser("7")).length, 1);
