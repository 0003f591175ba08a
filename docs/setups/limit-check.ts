import assert from "node:assert/strict";

assert.equal(await session.get(first.id), null);
assert.equal((await session.listByUser("u1")).length, 2);
assert.ok(refused);
