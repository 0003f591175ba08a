import { describe, expect, test } from "bun:test";
import { type CreateWorld, INTERVAL, TTL } from "./world.test-kit.ts";

export function describeLifetime(name: string, world: CreateWorld): void {
  describe(`${name}: lifetime`, () => {
    test("[SEC-06] a session expires on the server to the millisecond, whatever the browser still sends [ASVS 7.3.1]", async () => {
      const { signedIn, clock } = await world();
      const person = await signedIn();
      clock.advance(TTL * 1000 - 1);
      const header = { headers: { cookie: `sid=${await person.cookie("sid")}` } };
      // This very request extends the session.
      expect((await person.fetch("/me", header)).status).toBe(200);
      clock.advance(TTL * 1000);
      expect((await person.fetch("/me", header)).status).toBe(401);
    });

    test("[SEC-16] the session and its cookie slide while it is used, once per touch interval", async () => {
      const { signedIn, clock, gated } = await world();
      const person = await signedIn();
      for (let round = 0; round < 15; round++) {
        clock.advance(INTERVAL * 1000);
        const calls = gated.calls.length;
        const renewed = await person.fetch("/me");
        expect(renewed.status).toBe(200);
        expect(renewed.headers.getSetCookie()).toEqual([
          `sid=${await person.cookie("sid")}; Max-Age=${TTL}; Path=/; HttpOnly; SameSite=Strict`,
        ]);
        expect(renewed.headers.get("cache-control")).toBe("no-store");
        expect(gated.calls.length - calls).toBe(2);
        const again = await person.fetch("/me");
        expect(again.headers.getSetCookie()).toEqual([]);
        expect(gated.calls.length - calls).toBe(3);
      }
    });

    test("of 50 requests at once one extends the session and renews the cookie (G10)", async () => {
      const { signedIn, clock, gated } = await world();
      const person = await signedIn();
      clock.advance(INTERVAL * 1000);
      const loaded = gated.calls.length;
      const responses = await Promise.all(Array.from({ length: 50 }, () => person.fetch("/me")));
      expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
      expect(responses.filter(({ headers }) => headers.getSetCookie().length > 0).length).toBe(1);
      const methods = gated.calls.slice(loaded).map(([method]) => method);
      expect(methods.filter((method) => method === "load").length).toBe(50);
      expect(new Set(methods)).toEqual(new Set(["load", "refresh"]));
    });
  });
}
