import assert from "node:assert/strict";

const redis = redisClient;
// As release 0.1 left it: written in two commands, extended by EXPIRE alone.
const oldId = crypto.randomUUID();
const past = { id: `session:${oldId}`, data: { userId: "u1", role: "admin" }, expiresAt: Date.now() - 1000 };
await redis.set(`app:session:session:${oldId}`, JSON.stringify(past));
await redis.expire(`app:session:session:${oldId}`, 600);

router.get("/me", (ctx) => ctx.json(sessions.of(ctx).current?.data ?? null));
const server = Bun.serve({ port: 0, ...router.serve() });
const visit = (cookie: string): Promise<Response> =>
  fetch(new URL("/me", server.url), { headers: { cookie } });
const moved = await visit(`sid=${oldId}`);
assert.deepEqual(await moved.json(), { userId: "u1", role: "admin" });
const own = moved.headers.getSetCookie().find((cookie) => cookie.startsWith("sid="));
assert.deepEqual(await (await visit(own?.split(";")[0] ?? "")).json(), { userId: "u1", role: "admin" });
// The old id opens nothing any more, and of several at once one session is made.
assert.equal(await (await visit(`sid=${oldId}`)).json(), null);
assert.equal(await (await visit("sid=*")).json(), null);
assert.equal((await session.listByUser("u1")).length, 1);
await server.stop(true);
await store.close?.();
await redis.close();
