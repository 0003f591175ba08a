import assert from "node:assert/strict";

const MINUTE = 60_000;
const created = await session.create({ userId: "u1" });
assert.equal(created.expiresAt, now + 30 * MINUTE);
assert.equal(created.absoluteExpiresAt, now + 720 * MINUTE);
const end = async (): Promise<number | undefined> => (await session.get(created.id))?.expiresAt;

now += 10 * MINUTE;
await session.update(created.id, { theme: "dark" });
await session.merge(created.id, { theme: "light" });
await session.listByUser("u1");
assert.equal(await end(), created.expiresAt);
await session.touch(created.id);
assert.equal(await end(), now + 30 * MINUTE);
now += MINUTE / 2;
assert.equal((await session.refreshIfDue(created.id))?.extended, false);
now += MINUTE / 2;
assert.equal((await session.refreshIfDue(created.id))?.extended, true);
assert.equal(await end(), now + 30 * MINUTE);
now += 1;
assert.equal((await session.refresh(created.id))?.expiresAt, now + 30 * MINUTE);

// The absolute end is not passed.
const absolute = created.absoluteExpiresAt ?? 0;
while (now < absolute - 20 * MINUTE) {
  now += MINUTE;
  await session.touch(created.id);
}
assert.equal(await end(), absolute);
const regenerated = await session.regenerate(created.id);
assert.deepEqual(
  [regenerated?.createdAt, regenerated?.expiresAt, regenerated?.absoluteExpiresAt],
  [created.createdAt, absolute, absolute],
);
now = absolute - 1;
assert.notEqual(await session.get(regenerated?.id ?? ""), null);
now = absolute;
assert.equal(await session.get(regenerated?.id ?? ""), null);
await session.touch(regenerated?.id ?? "");
assert.equal(await session.get(regenerated?.id ?? ""), null);

// The idle end, to the millisecond.
const idle = await session.create();
now = idle.expiresAt - 1;
assert.notEqual(await session.get(idle.id), null);
now = idle.expiresAt;
assert.equal(await session.get(idle.id), null);

const defaults = createSessionManager(createMemorySessionStore()).options;
assert.deepEqual([defaults.ttl, defaults.absoluteTtl, defaults.touchInterval], [3600, undefined, 360]);
