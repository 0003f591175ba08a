import assert from "node:assert/strict";

router.post("/auth/login", async (ctx) => {
  await sessions.of(ctx).create({ userId: "u1" });
  return ctx.json({ ok: true });
});
{
  const server = Bun.serve({ port: 0, ...router.serve() });
  const { visit } = openBrowser(server.url);
  const statusOf = async (method: string, path: string, body?: string): Promise<number> =>
    (await visit(path, { method, ...(body !== undefined && { body }) })).status;

  assert.equal(await statusOf("DELETE", "/account"), 401);
  assert.equal(await statusOf("POST", "/auth/login"), 200);
  assert.equal(await statusOf("DELETE", "/account"), 200);
  advance(300);
  assert.equal(await statusOf("DELETE", "/account"), 403);
  assert.equal(await statusOf("POST", "/auth/confirm", '{"email":"u1","password":"secret"}'), 200);
  assert.equal(await statusOf("DELETE", "/account"), 200);

  const [info] = await session.listByUser("u1");
  assert.match(info?.device?.userAgent ?? "", /^Bun\//);
  assert.equal(info?.authenticatedAt, clock());
  await server.stop(true);
}
