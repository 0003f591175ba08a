import assert from "node:assert/strict";

assert.match(await cookieOf(sessions, "https://site.test/"), /; Secure;/);
assert.doesNotMatch(await cookieOf(sessions, "http://site.test/"), /Secure/);
// A header that nobody was told to trust changes nothing.
assert.doesNotMatch(
  await cookieOf(sessions, "http://site.test/", { "x-forwarded-proto": "https" }),
  /Secure/,
);
assert.match(await cookieOf(createSessionMiddleware(session), "http://site.test/"), /; Secure;/);
