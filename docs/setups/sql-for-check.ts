import assert from "node:assert/strict";

assert.ok(all.startsWith('CREATE TABLE IF NOT EXISTS "app"."sessions_schema"'));
assert.ok(all.endsWith(fromVersion1));
