import assert from "node:assert/strict";

const { id } = await session.create({ userId: "u1" });
assert.equal((await session.get(id))?.data.userId, "u1");
await session.destroy(id);
assert.equal(await session.get(id), null);
await store.close?.();
