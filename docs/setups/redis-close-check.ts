import assert from "node:assert/strict";

await assert.rejects(session.create({ userId: "u1" }), { name: "SessionError", code: "STORE_UNAVAILABLE" });
