import assert from "node:assert/strict";

router.post("/note", async (ctx) => ctx.json(await sessions.of(ctx).update({ note: 1 })));
const failures: unknown[] = [];
console.error = (...told: unknown[]) => failures.push(told);

const server = Bun.serve({ port: 0, ...router.serve() });
const { id } = await session.create({ userId: "u1" });
const signedIn = { headers: { cookie: `sid=${id}` } };
const visit = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, server.url), init);

// A request that knows no session costs no call of the store.
await visit("/me");
await visit("/me", { headers: { cookie: "sid=not-an-id" } });
assert.deepEqual(calls, []);
assert.deepEqual(await (await visit("/me", signedIn)).json(), { userId: "u1" });
assert.deepEqual(calls, ["load"]);

failing.add("load");
const down = await visit("/me", signedIn);
assert.equal(down.status, 503);
assert.equal(down.headers.get("retry-after"), "5");
assert.equal(down.headers.get("set-cookie"), null);
assert.equal((await visit("/me")).status, 200);
failing.delete("load");
assert.deepEqual(await (await visit("/me", signedIn)).json(), { userId: "u1" });

failing.add("replace");
const halfway = await visit("/note", { method: "POST", ...signedIn });
assert.equal(halfway.status, 503);
assert.equal(halfway.headers.get("set-cookie"), null);
failing.delete("replace");

// Only the refresh fails: the answer goes out.
const eager = createSessionMiddleware(createSessionManager(store, { touchInterval: 0 }), {
  onFailure: (error) => failures.push(error),
});
const other = createRouter().use(eager);
other.get("/me", (ctx) => ctx.json(eager.of(ctx).current?.data ?? null));
const second = Bun.serve({ port: 0, ...other.serve() });
failing.add("refresh");
failures.length = 0;
// The session can be extended from the next millisecond on.
while ((await session.get(id))?.expiresAt === Date.now() + 3_600_000) await Bun.sleep(1);
const served = await fetch(new URL("/me", second.url), signedIn);
assert.deepEqual(await served.json(), { userId: "u1" });
assert.equal(served.headers.get("set-cookie"), null);
assert.equal(failures.length, 1);
failing.delete("refresh");

// A record of another format: signed out, told, and left where it is.
const key = `session:${session.handleOf(id)}`;
const record = store.load(key);
assert.ok(record);
await store.set({ ...record, version: 99 } as typeof record);
failures.length = 0;
assert.equal(await (await visit("/me", signedIn)).json(), null);
assert.equal(failures.length, 1);
await assert.rejects(session.get(id), { code: "CORRUPT_RECORD" });

await server.stop(true);
await second.stop(true);
