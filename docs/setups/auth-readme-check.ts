import assert from "node:assert/strict";

assert.deepEqual(found?.data, { userId: "u1", role: "admin" });
assert.equal(await session.get(id), null);
assert.equal(typeof sessions.of, "function");
await assert.rejects(createSessionStore("ftp://user:secret@host"), (error: Error) => {
  assert.ok(!error.message.includes("secret"));
  return Reflect.get(error, "code") === "INVALID_OPTION";
});
