import assert from "node:assert/strict";

const server = Bun.serve({ port: 0, ...router.serve() });
const { cookiesFor, visit } = openBrowser(server.url);
const idNow = (): string => cookiesFor("/").replace("sid=", "");

const anonymous = await visit("/me");
assert.equal(anonymous.status, 401);
assert.equal(anonymous.headers.get("set-cookie"), null);
assert.equal(anonymous.headers.get("vary"), "Cookie");
assert.equal((await visit("/me", { method: "PATCH" })).status, 401);

const login = await visit("/auth/login", {
  method: "POST",
  body: JSON.stringify({ email: "ada@example.com", password: "secret" }),
});
assert.match(
  login.headers.get("set-cookie") ?? "",
  /^sid=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
);
assert.equal(login.headers.get("cache-control"), "no-store");
assert.deepEqual(await (await visit("/me", { method: "PATCH" })).json(), {
  userId: "ada@example.com",
  role: "admin",
  theme: "dark",
});

const first = idNow();
await visit("/auth/second-factor", { method: "POST" });
assert.notEqual(idNow(), first);
assert.equal(await session.get(first), null);
assert.equal((await session.get(idNow()))?.data.secondFactor, true);

// Two cookies of the name are none.
const doubled = await fetch(new URL("/me", server.url), {
  headers: { cookie: `sid=${idNow()}; sid=${idNow()}` },
});
assert.equal(doubled.status, 401);

const last = idNow();
await visit("/auth/logout", { method: "POST" });
assert.equal(cookiesFor("/"), "");
assert.equal(await session.get(last), null);
await server.stop(true);
assert.throws(() => sessions.of({}), /middleware/);
