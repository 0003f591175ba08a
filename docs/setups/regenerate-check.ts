import assert from "node:assert/strict";

assert.deepEqual(after?.data, { userId: "u1", secondFactor: true });
assert.equal(await session.get(before.id), null);
const all = await Promise.all([1, 2, 3].map(() => session.regenerate(after.id)));
assert.equal(all.filter((one) => one !== null).length, 1);
