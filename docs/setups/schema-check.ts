import assert from "node:assert/strict";

assert.equal(theme, "dark");
assert.deepEqual(migrated?.data, { userId: "u1", theme: "light" });
await assert.rejects(session.update(sess.id, { theme: "blue" as "dark" }), {
  code: "INVALID_DATA",
  message: /data\.theme/,
});
assert.deepEqual((await before.get(old.id))?.data, { user: "u1" });
await session.update(old.id, { theme: "dark" });
assert.deepEqual((await before.get(old.id))?.data, { userId: "u1", theme: "dark" });
