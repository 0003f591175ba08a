import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createRedisSessionStore, type SessionStore } from "@ventostack/auth";
import { createRedisClient } from "@ventostack/cache";
import { createBrowser, type GatedStore, gate } from "@ventostack/testing";
import { type RedisServer, startRedis, until } from "@ventostack/testing/redis";
import { openEvents } from "./event-stream.test-kit.ts";
import { ADA, INTERVAL, type RunningApp, type StartApp, TTL } from "./world.test-kit.ts";

interface Instance extends RunningApp {
  readonly gated: GatedStore;
  close(): Promise<void>;
}

/** Two instances of an app that share their sessions through one real Redis server. */
export function describeOnRedis(name: string, start: StartApp): void {
  describe(`${name} on Redis`, () => {
    let redis: RedisServer;
    let one: Instance;
    let other: Instance;

    async function startInstance(): Promise<Instance> {
      const client = createRedisClient({ url: redis.url });
      const store: SessionStore = createRedisSessionStore({ client });
      const gated = gate(store);
      const settings = { ttl: TTL, touchInterval: INTERVAL, storeTimeout: 2000, clock: Date.now };
      const app = await start(gated.store, settings);
      return {
        ...app,
        gated,
        async close() {
          await app.stop();
          await store.close?.();
          await client.close();
        },
      };
    }

    beforeAll(async () => {
      redis = await startRedis();
      [one, other] = await Promise.all([startInstance(), startInstance()]);
    });
    afterAll(async () => {
      await Promise.all([one.close(), other.close()]);
      await redis.stop();
    });

    /** Somebody signed in, with one cookie for both instances: they are one site behind a balancer. */
    async function signIn() {
      const person = createBrowser(one.origin);
      expect((await person.send("POST", "/auth/login", ADA)).status).toBe(200);
      const cookie = `sid=${await person.cookie("sid")}`;
      return (at: Instance, path: string, method = "GET", body?: unknown, init: RequestInit = {}) =>
        fetch(at.origin + path, {
          ...init,
          method,
          headers: { cookie },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
    }

    test("an update through one instance is seen at the other, and 50 at once through both survive (G2)", async () => {
      const send = await signIn();
      const updates = Array.from({ length: 50 }, (_, key) =>
        send(key % 2 ? one : other, "/me", "PATCH", { [`key${key}`]: key }),
      );
      for (const { status } of await Promise.all(updates)) expect(status).toBe(200);
      const data = (await (await send(other, "/me")).json()) as Record<string, unknown>;
      expect(Object.keys(data).length).toBe(52);
    });

    test("a log-out at one instance during a slow update at the other is final (G1)", async () => {
      const send = await signIn();
      const held = one.gated.holdBefore("replace");
      const slow = send(one, "/me", "PATCH", { late: true });
      await held.reached;
      expect((await send(other, "/auth/logout", "POST")).status).toBe(200);
      held.release();
      const answer = await slow;
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
      for (const at of [one, other]) expect((await send(at, "/me")).status).toBe(401);
    });

    test("log-out-everywhere ends the sessions of both (G5), and reading costs one call (G10)", async () => {
      const [first, second] = [await signIn(), await signIn()];
      one.gated.calls.length = 0;
      expect((await first(one, "/me")).headers.getSetCookie()).toEqual([]);
      expect(one.gated.calls.map(([method]) => method)).toEqual(["load"]);
      const { destroyed } = (await (await second(other, "/auth/logout-all", "POST")).json()) as {
        destroyed: number;
      };
      expect(destroyed).toBeGreaterThanOrEqual(2);
      expect((await first(one, "/me")).status).toBe(401);
    });

    test("a page that watches at one instance learns of the log-out at the other, and of nothing but events", async () => {
      const send = await signIn();
      await using events = await openEvents({
        fetch: (path, init) => send(one, path, "GET", undefined, init),
      });
      expect((await events.next()).name).toBe("sessions");
      expect((await send(other, "/auth/logout", "POST")).status).toBe(200);
      expect((await events.next()).name).toBe("ended");
    });

    test("while Redis is away: 503 and no cookie; signed in as before once it is back (G6)", async () => {
      const send = await signIn();
      await redis.command("SAVE");
      await redis.kill();
      const away = await send(one, "/me");
      expect([away.status, away.headers.getSetCookie()]).toEqual([503, []]);
      expect(Number(away.headers.get("retry-after"))).toBeGreaterThan(0);
      expect((await fetch(one.origin)).status).toBe(200);
      await redis.restart({ keepData: true });
      for (const at of [one, other]) await until(async () => (await send(at, "/me")).status === 200, 10_000);
    });
  });
}
