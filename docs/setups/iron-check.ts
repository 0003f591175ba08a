import assert from "node:assert/strict";
import { sealData } from "iron-session";

router.get("/me", (ctx) => ctx.json(sessions.of(ctx).current?.data ?? null));
const server = Bun.serve({ port: 0, ...router.serve() });
const browser = openBrowser(server.url);

const seal = await sealData({ userId: "u1", role: "admin" }, { password });
const visit = async (cookie: string): Promise<Response> =>
  fetch(new URL("/me", server.url), { headers: { cookie } });
const moved = await visit(`shop_session=${seal}`);
assert.deepEqual(await moved.json(), { userId: "u1", role: "admin" });
const [issued = "", cleared = ""] = moved.headers.getSetCookie().sort().reverse();
const cookies = moved.headers.getSetCookie();
assert.equal(cookies.length, 2);
const own = cookies.find((cookie) => cookie.startsWith("sid="));
assert.match(cookies.find((cookie) => cookie.startsWith("shop_session=")) ?? "", /Max-Age=0/);
const next = await visit(own?.split(";")[0] ?? "");
assert.deepEqual(await next.json(), { userId: "u1", role: "admin" });
assert.equal(await (await visit("shop_session=forged")).json(), null);
await server.stop(true);
