import assert from "node:assert/strict";

assert.deepEqual(merged?.data, { userId: "u1", theme: "dark", cart: { items: 2 } });
assert.deepEqual((await session.get(id))?.data, merged.data);
await session.destroy(id);
assert.equal(await session.merge(id, { theme: "light" }), null);
assert.equal(await session.get(id), null);
