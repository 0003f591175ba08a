import assert from "node:assert/strict";

const handle = session.handleOf(id);
assert.deepEqual(
  log.map(({ at: _, ...event }) => event),
  [
    { type: "created", handle, userId: "u1" },
    { type: "destroyed", handle, userId: "u1", reason: "destroy" },
    { type: "denied", handle, reason: "unknown" },
  ],
);
assert.ok(!JSON.stringify(log).includes(id));
