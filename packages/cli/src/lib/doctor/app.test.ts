import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  createSessionManager,
  createSessionMiddleware,
  createSessionStore,
  type SessionStore,
} from "@ventostack/auth";
import { createRouter } from "@ventostack/router";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { diagnose, run } from "../command-line.test-kit.ts";

let redis: RedisServer;
let store: SessionStore;
let app: Bun.Server<undefined>;

beforeAll(async () => {
  redis = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "no"] });
  store = await createSessionStore(redis.url);
  const manager = createSessionManager(store);
  const sessions = createSessionMiddleware(manager, { secure: "auto" });
  const router = createRouter();
  router.use(sessions);
  router.post("/login", async (ctx) => {
    const { password } = (await ctx.request.json()) as { password: string };
    if (password !== "open sesame") return ctx.json({ error: "No." }, 401);
    await sessions.of(ctx).create({ userId: "ada" });
    return ctx.json({ ok: true });
  });
  router.get("/", (ctx) => ctx.json({ ok: true }));
  const careless = (...cookies: string[]): Response => {
    const response = new Response("{}");
    for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
    return response;
  };
  router.get("/careless", () => careless("other=1", "sid=guess", "sid=again; Path=/; HttpOnly"));
  app = Bun.serve({ port: 0, ...router.serve() });
});
afterAll(async () => {
  await app.stop(true);
  await store.close?.();
  await redis.stop();
});

const at = (path: string): string => `http://localhost:${app.port}${path}`;
const LOGIN = JSON.stringify({ password: "open sesame" });

test("a sound log-in has its cookie looked at and its session ended", async () => {
  const { exitCode, found } = await diagnose(redis.url, "--app", at("/login"), "--body", LOGIN);
  // It is plain http here.
  expect(Object.keys(found)).toEqual(["cookie-secure"]);
  expect(exitCode).toBe(0);
  expect(await redis.command("DBSIZE")).toBe(0);
});

test("a page that sets no cookie for visitors is as it should be", async () => {
  expect(await diagnose(redis.url, "--app", at("/"))).toEqual({ exitCode: 0, found: {} });
});

test("a careless page's faults are found, those of the cookie of our name alone", async () => {
  const { exitCode, found } = await diagnose(redis.url, "--app", at("/careless"));
  expect(exitCode).toBe(1);
  expect(Object.keys(found).sort()).toEqual([
    "app",
    "app-store",
    "cookie-age",
    "cookie-caching",
    "cookie-httponly",
    "cookie-path",
    "cookie-samesite",
    "cookie-secure",
    "cookie-twice",
  ]);
});

test("an application on another store, or prefix, is found", async () => {
  const args = ["--app", at("/login"), "--body", LOGIN, "--key-prefix", "other:"];
  const { found } = await diagnose(redis.url, ...args);
  expect(found["app-store"]?.message).toContain("not in this store");
  await redis.command("FLUSHALL");
});

test("a log-in that fails, and an application that is not there, are found", async () => {
  const refused = await diagnose(redis.url, "--app", at("/login"), "--body", '{"password":"wrong"}');
  expect(refused.found.app?.message).toContain("answered with 401");
  const absent = await diagnose(redis.url, "--app", "http://localhost:1/");
  expect(absent.found.app?.message).toContain("does not answer");
  const wrong = await diagnose(redis.url, "--app", "localhost:3000");
  expect(wrong.found.app?.message).toContain("no http:// or https:// address");
});

test("a header alone is looked at with --set-cookie", async () => {
  const { found } = await diagnose(redis.url, "--set-cookie", "sid=; Path=/; HttpOnly; Secure; SameSite=Lax");
  expect(Object.keys(found)).toEqual(["cookie-prefix", "cookie-age"].sort());
  const { out } = await run(["doctor", "--store", redis.url, "--set-cookie", "sid=; Path=/"]);
  expect(out).toContain("lacks HttpOnly");
});
