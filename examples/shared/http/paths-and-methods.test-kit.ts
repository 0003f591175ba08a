import { describe, expect, test } from "bun:test";
import type { CreateWorld } from "./world.test-kit.ts";

export function describePathsAndMethods(name: string, world: CreateWorld): void {
  describe(`${name}: the rest`, () => {
    test("GET / is the page, HEAD is it without the body", async () => {
      const { origin, gated } = await world();
      const page = await fetch(origin);
      expect(page.status).toBe(200);
      expect(page.headers.get("content-type")).toMatch(/^text\/html; charset=utf-8$/i);
      expect(await page.text()).toContain("<title>");
      const policy = page.headers.get("content-security-policy");
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^ ;]+'; script-src 'sha256-[^ ;]+'; /);
      expect(policy).not.toContain("unsafe");
      const head = await fetch(origin, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
      expect(gated.calls).toEqual([]);
    });

    test("an unknown path is 404, an unknown method 405, both as JSON", async () => {
      const { origin } = await world();
      const lost = await fetch(`${origin}/nowhere`);
      const wrong = await fetch(`${origin}/me`, { method: "PUT" });
      expect([lost.status, wrong.status]).toEqual([404, 405]);
      for (const response of [lost, wrong]) {
        expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
      }
    });
  });
}
