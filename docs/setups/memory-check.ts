import assert from "node:assert/strict";

const { id } = await session.create({ userId: "u1" });
assert.equal(store.size, 1);
assert.equal((await session.get(id))?.data.userId, "u1");
// Another store knows nothing of it.
assert.equal(await createSessionManager(createMemorySessionStore()).get(id), null);

let time = Date.now();
const clock = (): number => time;
const small = createMemorySessionStore({ maxSessions: 2, clock });
const few = createSessionManager(small, { clock });
const [first, second] = [await few.create(), await few.create()];
await few.get(first.id);
await few.create();
assert.equal(small.size, 2);
assert.equal(await few.get(second.id), null);
assert.notEqual(await few.get(first.id), null);

// Expired: gone at once for readers, held until the sweep.
time += 3_600_000;
assert.equal(small.size, 2);
assert.equal(await small.sweep(), 2);
assert.equal(small.size, 0);

assert.throws(() => createMemorySessionStore({ maxSessions: 0 }), {
  code: "INVALID_OPTION",
  message: "The option maxSessions is 0; it must be a whole number above 0.",
});
await store.close();
assert.equal(store.size, 0);
await assert.rejects(session.get(id), { code: "STORE_UNAVAILABLE" });
