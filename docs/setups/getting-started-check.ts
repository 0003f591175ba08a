import assert from "node:assert/strict";

const credentials = { email: ada.email, password: "correct horse battery staple" };
const visit = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(new URL(path, server.url), init);
const login = (body: object): Promise<Response> =>
  visit("/auth/login", { method: "POST", body: JSON.stringify(body) });

for (const wrong of [{ password: "wrong" }, { email: "grace@example.com" }]) {
  const refused = await login({ ...credentials, ...wrong });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("set-cookie"), null);
}

const answer = await login(credentials);
const setCookie = answer.headers.get("set-cookie") ?? "";
assert.match(setCookie, /^sid=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
assert.equal(answer.headers.get("cache-control"), "no-store");
assert.equal(answer.headers.get("vary"), "Cookie");

const signedIn = { headers: { cookie: setCookie.split(";")[0] ?? "" } };
assert.deepEqual(await (await visit("/me", signedIn)).json(), { userId: "u-ada", role: "admin" });
assert.equal((await visit("/auth/logout", { method: "POST", ...signedIn })).status, 200);
assert.deepEqual(await (await visit("/me", signedIn)).json(), { error: "You are not signed in." });
await server.stop(true);
