import assert from "node:assert/strict";

assert.equal(role, "admin");
assert.deepEqual((await session.get(sess.id))?.data, { userId: "u1", role: "admin", theme: "dark" });
// What does not compile: an unused @ts-expect-error would be an error itself.
export const refused = [
  // @ts-expect-error role is missing
  () => session.create({ userId: "u1" }),
  // @ts-expect-error data is needed
  () => session.create(),
  // @ts-expect-error there is no such role
  () => session.update(sess.id, { role: "owner" }),
  // @ts-expect-error role must not be removed
  () => session.update(sess.id, { role: undefined }),
];
await session.update(sess.id, { theme: undefined });
assert.deepEqual((await session.get(sess.id))?.data, { userId: "u1", role: "admin" });
