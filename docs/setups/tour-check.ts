import assert from "node:assert/strict";

const visit = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(new URL(path, server.url), init);
const login = (email: string, password: string): Promise<Response> =>
  visit("/auth/login", { method: "POST", body: JSON.stringify({ email, password }) });

assert.equal((await login("ada@example.com", "wrong")).status, 401);
assert.equal((await login("grace@example.com", "correct horse battery staple")).status, 401);
const answer = await login("ada@example.com", "correct horse battery staple");
const setCookie = answer.headers.get("set-cookie") ?? "";
assert.match(setCookie, /^sid=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);

const signedIn = { headers: { cookie: setCookie.split(";")[0] ?? "" } };
assert.deepEqual(await (await visit("/me", signedIn)).json(), { userId: "u-ada", role: "admin" });
assert.equal((await visit("/auth/logout", { method: "POST", ...signedIn })).status, 200);
assert.equal((await visit("/me", signedIn)).status, 401);
await server.stop(true);
