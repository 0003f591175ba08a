import assert from "node:assert/strict";

assert.equal(ended, 2);
assert.equal(store.size, 0);
