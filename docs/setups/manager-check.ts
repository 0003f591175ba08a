import assert from "node:assert/strict";
import { createSessionManager } from "@ventostack/auth";

assert.match(sess.id, /^[\w-]{43}$/);
assert.deepEqual(Object.keys(sess.data), ["userId", "role", "loginAt"]);
assert.deepEqual([sess.data.userId, sess.data.role], [user.id, user.role]);
assert.ok(Math.abs(sess.expiresAt - Date.now() - 3_600_000) < 60_000);
assert.deepEqual(existing, sess);
assert.ok(!Bun.inspect(sess).includes(sess.id) && Bun.inspect(sess).includes('"[redacted]"'));
assert.ok(JSON.stringify(sess).includes(sess.id));
assert.equal(await session.get(sess.id), null);

// The defaults are those that the snippet names.
const defaults = createSessionManager(store).options;
assert.deepEqual([defaults.ttl, defaults.prefix, defaults.cookieName], [3600, "session:", "sid"]);

const again = await session.create({ userId: user.id });
await session.update(again.id, { lastActiveAt: "now" });
assert.deepEqual((await session.get(again.id))?.data, { userId: user.id, lastActiveAt: "now" });
await session.destroy(again.id);
await session.update(again.id, { lastActiveAt: "later" });
await session.touch(again.id);
assert.equal(await session.get(again.id), null);
