import assert from "node:assert/strict";

assert.deepEqual(store.capabilities, { atomic: true, byUser: true });
const { id: sqlId } = await session.create({ userId: "u1" });
await session.update(sqlId, { theme: "dark" });
assert.deepEqual((await session.get(sqlId))?.data, { userId: "u1", theme: "dark" });
assert.equal(await session.destroyByUser("u1"), 1);
