import { expect, test } from "bun:test";
import { createMemorySessionStore } from "@ventostack/auth";
import { createBrowser, createTestClock } from "@ventostack/testing";
import { start as startBun } from "../bun-serve/start.test-kit.ts";
import { start as startElysia } from "../elysia/start.test-kit.ts";
import { start as startExpress } from "../express/start.test-kit.ts";
import { start as startFastify } from "../fastify/start.test-kit.ts";
import { start as startHono } from "../hono/start.test-kit.ts";
import { start as startLogin } from "../login/start.test-kit.ts";
import { ADA, INTERVAL, type StartApp, TTL } from "./http/world.test-kit.ts";

/** What a browser is told about the session by a visit, from the log-in to the log-out, with the ids that `random` gives. */
async function headersOf(start: StartApp): Promise<unknown[]> {
  const clock = createTestClock(1_800_000_000_000);
  let made = 0;
  const random = (bytes: Uint8Array): Uint8Array => bytes.fill(++made);
  const settings = { ttl: TTL, touchInterval: INTERVAL, storeTimeout: 500, clock, random };
  const app = await start(createMemorySessionStore({ clock }), settings);
  const person = createBrowser(app.origin);
  const seen: unknown[] = [];
  async function visit(method: string, path: string, body?: unknown): Promise<void> {
    const response = await person.send(method, path, body);
    const [vary, cacheControl] = ["vary", "cache-control"].map((name) => response.headers.get(name));
    seen.push([method, path, response.status, response.headers.getSetCookie(), vary, cacheControl]);
    await response.body?.cancel();
  }
  await visit("GET", "/me");
  await visit("POST", "/auth/login", ADA);
  await visit("GET", "/me");
  clock.advance(INTERVAL * 1000);
  await visit("GET", "/me");
  await visit("PATCH", "/me", { theme: "dark" });
  await visit("POST", "/auth/login", ADA);
  await visit("POST", "/auth/logout");
  await visit("POST", "/auth/login", ADA);
  await visit("POST", "/auth/logout-all");
  await app.stop();
  return seen;
}

test("every example sends the same cookies, byte for byte, and the same word to caches", async () => {
  const expected = await headersOf(startHono);
  expect(JSON.stringify(expected)).toContain("; Max-Age=1000; Path=/; HttpOnly; SameSite=Strict");
  for (const start of [startBun, startElysia, startExpress, startFastify, startLogin]) {
    expect(await headersOf(start)).toEqual(expected);
  }
});
