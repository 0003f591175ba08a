import assert from "node:assert/strict";

assert.deepEqual(info?.device, {
  userAgent: "Firefox/140 (X11; Linux)",
  address: "192.0.2.7",
  label: "Ada's laptop",
});
await session.setDevice(id, { address: null, label: "a\n\u202eb", userAgent: "x".repeat(600) });
const noted = (await session.get(id))?.device;
assert.deepEqual([noted?.address, noted?.label, noted?.userAgent?.length], [undefined, "a b", 512]);
