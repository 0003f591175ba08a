import { describe, expect, test } from "bun:test";
import type { Browser } from "@ventostack/testing";
import { type CreateWorld, GRACE, TTL } from "./world.test-kit.ts";

export function describeSessionsOfAUser(name: string, world: CreateWorld): void {
  describe(`${name}: a user's sessions`, () => {
    interface Listed {
      handle: string;
      current: boolean;
      createdAt: number;
      expiresAt: number;
    }
    const list = async (person: Browser): Promise<Listed[]> =>
      (await (await person.fetch("/auth/sessions")).json()) as Listed[];

    test("[SEC-09] are listed with the current one marked, without an id [ASVS 7.5.2]", async () => {
      const { signedIn, clock } = await world();
      const phone = await signedIn();
      clock.advance(1000);
      const laptop = await signedIn();
      await signedIn(GRACE);
      const sessions = await list(laptop);
      expect(sessions.map(({ current }) => current)).toEqual([true, false]);
      for (const { handle, createdAt, expiresAt } of sessions) {
        expect(handle).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(expiresAt - createdAt).toBe(TTL * 1000);
      }
      const text = JSON.stringify(sessions);
      for (const browser of [phone, laptop])
        expect(text).not.toContain((await browser.cookie("sid")) ?? "missing");
    });

    test("[SEC-08] can be ended one by one, only by their own user", async () => {
      const { signedIn } = await world();
      const [phone, laptop, grace] = [await signedIn(), await signedIn(), await signedIn(GRACE)];
      const other = (await list(laptop)).find(({ current }) => !current);
      const path = `/auth/sessions/${other?.handle}`;
      expect((await grace.send("DELETE", path)).status).toBe(404);
      expect((await phone.fetch("/me")).status).toBe(200);
      const ended = await laptop.send("DELETE", path);
      expect([ended.status, await ended.json()]).toEqual([200, { ok: true }]);
      expect((await phone.fetch("/me")).status).toBe(401);
      expect((await laptop.fetch("/me")).status).toBe(200);
      expect((await laptop.send("DELETE", path)).status).toBe(404);
      for (const odd of ["x", "..%2Fx", "%00", "a".repeat(5000)]) {
        expect((await laptop.send("DELETE", `/auth/sessions/${odd}`)).status).toBe(404);
      }
    });

    test("ending the current one clears the cookie", async () => {
      const { signedIn, origin } = await world();
      const person = await signedIn();
      const [current] = await list(person);
      expect((await person.send("DELETE", `/auth/sessions/${current?.handle}`)).status).toBe(200);
      expect(await person.jar.getCookies(origin)).toEqual([]);
    });

    test("[SEC-08] are all ended by logout-all, which counts them (G5)", async () => {
      const { signedIn, origin } = await world();
      const [phone, laptop, grace] = [await signedIn(), await signedIn(), await signedIn(GRACE)];
      const response = await laptop.send("POST", "/auth/logout-all");
      expect([response.status, await response.json()]).toEqual([200, { destroyed: 2 }]);
      expect(await laptop.jar.getCookies(origin)).toEqual([]);
      expect((await phone.fetch("/me")).status).toBe(401);
      expect((await grace.fetch("/me")).status).toBe(200);
    });
  });
}
