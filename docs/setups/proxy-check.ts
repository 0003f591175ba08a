import assert from "node:assert/strict";

const proxied = "http://site.test/";
assert.match(await cookieOf(sessions, proxied, { "x-forwarded-proto": "https" }), /; Secure;/);
assert.doesNotMatch(await cookieOf(sessions, proxied, { "x-forwarded-proto": "http" }), /Secure/);
assert.match(await cookieOf(sessions, "https://site.test/", { "x-forwarded-proto": "http" }), /; Secure;/);
