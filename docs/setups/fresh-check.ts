import assert from "node:assert/strict";

assert.deepEqual([mayPay, mayPayNow], [false, true]);
assert.equal(after?.authenticatedAt, clock());
assert.equal(after?.createdAt, before.createdAt);
assert.equal(session.isFresh(await session.create(), 600), false);
