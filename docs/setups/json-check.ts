import assert from "node:assert/strict";

assert.deepEqual(data, { loginAt: "1970-01-01T00:00:00.000Z" });
assert.equal(refused, "Session data is JSON, and data.cart.total is NaN: use null or leave it out.");

class Point {
  x = 1;
}
const passed = { point: new Point(), zero: -0, never: new Date(Number.NaN), list: [{ a: 1 }] };
const kept = await session.create({ ...passed, ...JSON.parse('{"deep":{"__proto__":{"admin":true}}}') });
passed.list.push({ a: 2 });
assert.deepEqual((await session.get(kept.id))?.data, {
  point: { x: 1 },
  zero: 0,
  never: null,
  list: [{ a: 1 }],
  deep: {},
});

const cycle: Record<string, unknown> = {};
cycle.self = cycle;
let nested: unknown = 1;
for (let level = 0; level < 501; level++) nested = [nested];
const lost = [
  ...[
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1n,
    () => 1,
    Symbol("s"),
    cycle,
    [undefined],
    new Map(),
    new Set(),
  ],
  ...[new Uint8Array(1), /a/, new Error("e"), nested],
];
for (const value of lost) {
  await assert.rejects(session.update(kept.id, { value }), { name: "SessionError", code: "INVALID_DATA" });
}
assert.equal((await session.get(kept.id))?.data.value, undefined);
