import assert from "node:assert/strict";

assert.match(
  await cookieOf(sessions, "https://site.test/"),
  /^__Host-sid=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
);
const refused = [{ secure: "auto" }, { secure: false }, { domain: "site.test" }, { path: "/app" }] as const;
for (const options of refused) {
  assert.throws(() => createSessionMiddleware(session, options), { code: "INVALID_OPTION" });
}
