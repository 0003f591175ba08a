import { describe, expect, test } from "bun:test";
import { ADA, type CreateWorld } from "./world.test-kit.ts";

export function describeOtherSites(name: string, world: CreateWorld): void {
  describe(`${name}: requests from other sites`, () => {
    const requests = [
      ["POST", "/auth/login", ADA],
      ["POST", "/auth/logout", {}],
      ["POST", "/auth/logout-all", {}],
      ["PATCH", "/me", { theme: "dark" }],
      ["DELETE", "/auth/sessions/x", undefined],
    ] as const;

    test.each<[string, Record<string, string>]>([
      ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
      ["a sibling subdomain", { "sec-fetch-site": "same-site", origin: "https://www.evil.example" }],
      ["another site, by an old browser", { origin: "https://evil.example" }],
      ["a frame without an origin", { origin: "null" }],
    ])("[SEC-15] from %s are 403 and change nothing, log-in included", async (_, headers) => {
      const { signedIn, gated } = await world();
      const person = await signedIn();
      const before = gated.calls.length;
      for (const [method, path, body] of requests) {
        const response = await person.fetch(path, { method, headers, body: JSON.stringify(body) ?? null });
        expect([method, path, response.status]).toEqual([method, path, 403]);
        expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
      expect(gated.calls.length).toBe(before);
      expect((await person.fetch("/me", { headers })).status).toBe(200);
    });

    test("those of the site's own pages are taken, whichever of the two headers tells", async () => {
      const { signedIn, origin } = await world();
      const person = await signedIn();
      for (const headers of [{ "sec-fetch-site": "same-origin" }, { origin }] as Record<string, string>[]) {
        const response = await person.fetch("/me", { method: "PATCH", headers, body: "{}" });
        expect(response.status).toBe(200);
      }
    });
  });
}
