import assert from "node:assert/strict";

assert.deepEqual(found?.data, { userId: "u1", theme: "dark" });
assert.deepEqual(Object.keys(found).sort(), ["authenticatedAt", "createdAt", "data", "expiresAt", "id"]);
assert.equal(await sessions.get(id), null);
