import assert from "node:assert/strict";

const [span] = exporter.getFinishedSpans();
assert.equal(span?.name, "POST /auth/login");
assert.deepEqual(
  span.events.map(({ name, attributes }) => [
    name,
    attributes?.["user.id"],
    String(attributes?.["session.handle"]).length,
  ]),
  [["session.created", "u1", 43]],
);
