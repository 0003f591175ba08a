import { describe, expect, test } from "bun:test";
import type { SessionStore } from "@ventostack/auth";
import type { Browser } from "@ventostack/testing";
import { until } from "@ventostack/testing/redis";
import { countEventStreams } from "../events.ts";
import { openEvents } from "./event-stream.test-kit.ts";
import { type CreateWorld, INTERVAL, TTL } from "./world.test-kit.ts";

interface Listed {
  readonly current: boolean;
  readonly expiresAt: number;
}

export function describeEvents(name: string, world: CreateWorld): void {
  describe(`${name}: events`, () => {
    const closed = () => until(() => countEventStreams() === 0, 5000, "the end of every stream");
    const listIn = (event: { name: string; data: unknown }): Listed[] => {
      expect(event.name).toBe("sessions");
      return event.data as Listed[];
    };

    test("tell of the user's sessions at once, of one that ends elsewhere, and of the own one's end as the last", async () => {
      const { signedIn, gated } = await world();
      const [laptop, phone] = [await signedIn(), await signedIn()];
      await using events = await openEvents(laptop);
      expect([events.status, events.headers.get("content-type"), events.headers.get("vary")]).toEqual([
        200,
        "text/event-stream",
        "Cookie",
      ]);
      expect(listIn(await events.next()).length).toBe(2);
      await phone.send("POST", "/auth/logout");
      const [own, ...others] = listIn(await events.next());
      expect([own?.current, others]).toEqual([true, []]);
      const desktop = await signedIn();
      expect(listIn(await events.next()).length).toBe(2);
      await desktop.send("POST", "/auth/logout-all");
      expect((await events.next()).name).toBe("ended");
      expect(await events.next()).toEqual({ name: "closed", data: null });
      const looked = gated.calls.filter(([method]) => method === "listByUser").length;
      expect(looked).toBeGreaterThanOrEqual(4);
      await closed();
    });

    test("[SEC-06] to watch is not to use: neither the session nor its cookie is extended, and the stream sees the end", async () => {
      const { signedIn, clock, gated } = await world();
      const person = await signedIn();
      clock.advance(INTERVAL * 1000);
      gated.calls.length = 0;
      await using events = await openEvents(person);
      expect([events.headers.getSetCookie(), events.headers.get("cache-control")]).toEqual([[], "no-store"]);
      const [own] = listIn(await events.next());
      expect(own?.expiresAt).toBe(clock() + (TTL - INTERVAL) * 1000);
      clock.advance((TTL - INTERVAL) * 1000);
      expect((await events.next()).name).toBe("ended");
      expect([...new Set(gated.calls.map(([method]) => method))].sort()).toEqual(["listByUser", "load"]);
    });

    test("nobody who is not signed in gets them, and HEAD opens no stream", async () => {
      const { signedIn, browser, gated } = await world();
      const stranger = await browser().fetch("/auth/events");
      expect([stranger.status, Object.keys((await stranger.json()) as object)]).toEqual([401, ["error"]]);
      expect(gated.calls).toEqual([]);
      const head = await (await signedIn()).fetch("/auth/events", { method: "HEAD" });
      expect([head.status, await head.text(), countEventStreams()]).toEqual([200, "", 0]);
    });

    test("a stream ends when its reader goes away, and one user has no more than 20 (G8)", async () => {
      const { signedIn } = await world();
      const person: Browser = await signedIn();
      const streams = await Promise.all(Array.from({ length: 20 }, () => openEvents(person)));
      for (const stream of streams) expect((await stream.next()).name).toBe("sessions");
      expect(countEventStreams()).toBe(20);
      const refused = await person.fetch("/auth/events");
      expect([refused.status, Object.keys((await refused.json()) as object)]).toEqual([429, ["error"]]);
      for (const stream of streams) stream.leave();
      await closed();
      expect((await person.fetch("/me")).status).toBe(200);
    });

    test("[SEC-18] while the store is down: 503, or an event that says so on a stream that goes on (G6)", async () => {
      let broken = false;
      const { signedIn } = await world(
        (store) =>
          Object.fromEntries(
            Object.entries(store).map(([method, value]) => [
              method,
              typeof value !== "function"
                ? value
                : (...args: unknown[]) =>
                    broken ? Promise.reject(new Error("connection refused")) : value(...args),
            ]),
          ) as unknown as SessionStore,
      );
      const person = await signedIn();
      await using events = await openEvents(person);
      const before = await events.next();
      broken = true;
      expect((await events.next()).name).toBe("unavailable");
      const refused = await person.fetch("/auth/events");
      expect([refused.status, refused.headers.getSetCookie()]).toEqual([503, []]);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      broken = false;
      expect(await events.next()).toEqual(before);
    });
  });
}
