import assert from "node:assert/strict";

router.get("/me", (ctx) => ctx.json(sessions.of(ctx).current?.data ?? null));
const server = Bun.serve({ port: 0, ...router.serve() });
const visit = (cookie: string): Promise<Response> =>
  fetch(new URL("/me", server.url), { headers: { cookie } });
const moved = await visit("better-auth.session_token=known");
assert.deepEqual(await moved.json(), { userId: "u1", role: "admin" });
const own = moved.headers.getSetCookie().find((cookie) => cookie.startsWith("sid="));
const next = await visit(own?.split(";")[0] ?? "");
assert.deepEqual(await next.json(), { userId: "u1", role: "admin" });
assert.equal(await (await visit("better-auth.session_token=other")).json(), null);
await server.stop(true);
