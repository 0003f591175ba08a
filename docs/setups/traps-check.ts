import assert from "node:assert/strict";

for (const path of ["/me", "/auth/whoami"]) router.get(path, (ctx) => ctx.json(ctx.state.session ?? null));
const credentials = JSON.stringify({ email: "ada@example.com", password: "secret" });

let byHand = true;
router.use((ctx, next) => (byHand ? sessionMiddleware(ctx, next) : next()));
{
  const server = Bun.serve({ port: 0, ...router.serve() });
  const { cookiesFor, visit } = openBrowser(server.url);
  const login = await visit("/auth/login", { method: "POST", body: credentials });
  assert.match(
    login.headers.get("set-cookie") ?? "",
    /^sid=[\w-]{43}; HttpOnly; Secure; SameSite=Strict; Max-Age=3600$/,
  );

  // The first trap: the browser sends it to /auth/* only.
  assert.match(cookiesFor("/auth/whoami"), /^sid=/);
  assert.equal(cookiesFor("/me"), "");
  assert.equal(await (await visit("/me")).json(), null);

  // The second: the session slides, and the cookie is never sent again.
  advance(1800);
  const later = await visit("/auth/whoami");
  assert.deepEqual(await later.json(), { userId: "ada@example.com", role: "admin" });
  assert.equal(later.headers.get("set-cookie"), null);
  const id = cookiesFor("/auth/whoami").replace("sid=", "");
  assert.equal((await session.get(id))?.expiresAt, clock() + 3_600_000);

  // Log-out ends the session, and removes this cookie.
  await visit("/auth/logout", { method: "POST" });
  assert.equal(await session.get(id), null);
  assert.equal(cookiesFor("/auth/whoami"), "");
  await server.stop(true);
}
byHand = false;
