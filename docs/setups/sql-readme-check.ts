import assert from "node:assert/strict";

assert.equal(ended, 2);
assert.deepEqual(store.capabilities, { atomic: true, byUser: true });
