import { describe, expect, test } from "bun:test";
import { type CreateWorld, GRACE, INTERVAL, withCookie } from "./world.test-kit.ts";

export function describeRaces(name: string, world: CreateWorld): void {
  describe(`${name}: races`, () => {
    test("[SEC-07] a log-out during a slow request: the update does not bring the session back, nor its cookie (G1)", async () => {
      const { signedIn, gated, clock, origin } = await world();
      const person = await signedIn();
      const id = await person.cookie("sid");
      clock.advance(INTERVAL * 1000);
      const held = gated.holdBefore("replace");
      const slow = fetch(`${origin}/me`, {
        method: "PATCH",
        body: '{"late":true}',
        headers: { cookie: `sid=${id}` },
      });
      await held.reached;
      expect((await person.send("POST", "/auth/logout")).status).toBe(200);
      held.release();
      const response = await slow;
      expect(response.status).toBe(401);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect((await withCookie(origin, `sid=${id}`)).status).toBe(401);
    });

    test("a log-out between a slow read and its renewal: not renewed", async () => {
      const { signedIn, gated, clock, origin } = await world();
      const person = await signedIn();
      const id = await person.cookie("sid");
      clock.advance(INTERVAL * 1000);
      const held = gated.holdBefore("refresh");
      const slow = withCookie(origin, `sid=${id}`);
      await held.reached;
      expect((await person.send("POST", "/auth/logout")).status).toBe(200);
      held.release();
      const response = await slow;
      expect(response.headers.getSetCookie()).toEqual([]);
      expect((await withCookie(origin, `sid=${id}`)).status).toBe(401);
    });

    test("a log-in during a slow request: the old session's late answer does not touch the new cookie", async () => {
      const { signedIn, gated, clock, origin } = await world();
      const person = await signedIn();
      const old = await person.cookie("sid");
      clock.advance(INTERVAL * 1000);
      const held = gated.holdBefore("refresh");
      const slow = person.fetch("/me");
      await held.reached;
      expect((await person.send("POST", "/auth/login", GRACE)).status).toBe(200);
      const fresh = await person.cookie("sid");
      held.release();
      await slow;
      expect(fresh).not.toBe(old);
      expect(await person.cookie("sid")).toBe(fresh);
      expect((await withCookie(origin, `sid=${old}`)).status).toBe(401);
    });
  });
}
