{
  const server = Bun.serve({ port: 0, ...router.serve() });
  const { cookiesFor, visit } = openBrowser(server.url);
  const idIn = (header: string): string => header.replace("sid=", "");
  const login = await visit("/auth/login", { method: "POST", body: credentials });
  assert.match(
    login.headers.get("set-cookie") ?? "",
    /^sid=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  assert.equal(login.headers.get("cache-control"), "no-store");

  // The cookie is sent everywhere.
  const first = idIn(cookiesFor("/me"));
  const me = await visit("/me");
  assert.deepEqual(await me.json(), { userId: "ada@example.com", role: "admin" });
  assert.equal(me.headers.get("vary"), "Cookie");
  assert.equal(me.headers.get("set-cookie"), null);

  // It is renewed once per touchInterval, when the session is extended.
  advance(359);
  assert.equal((await visit("/me")).headers.get("set-cookie"), null);
  advance(1);
  assert.match(
    (await visit("/me")).headers.get("set-cookie") ?? "",
    new RegExp(`^sid=${first}; Max-Age=3600;`),
  );
  assert.equal((await visit("/me")).headers.get("set-cookie"), null);
  assert.equal((await session.get(first))?.expiresAt, clock() + 3_600_000);

  // A second log-in ends the session that the request came with.
  await visit("/auth/login", { method: "POST", body: credentials });
  const second = idIn(cookiesFor("/me"));
  assert.notEqual(second, first);
  assert.equal(await session.get(first), null);

  // Log-out removes the cookie, with the attributes that it was set with.
  const logout = await visit("/auth/logout", { method: "POST" });
  assert.equal(
    logout.headers.get("set-cookie"),
    "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly; Secure; SameSite=Strict",
  );
  assert.equal(cookiesFor("/me"), "");
  assert.equal(await session.get(second), null);
  await server.stop(true);
}
