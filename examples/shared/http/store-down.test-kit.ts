import { describe, expect, test } from "bun:test";
import type { SessionStore } from "@ventostack/auth";
import { createBrowser } from "@ventostack/testing";
import { ADA, type CreateWorld } from "./world.test-kit.ts";

export function describeStoreDown(name: string, world: CreateWorld): void {
  describe(`${name}: while the store is down (G6)`, () => {
    const down = () => Promise.reject(new Error("connection refused"));
    const hanging = () => new Promise<never>(() => {});

    test.each([
      ["rejects", down],
      ["hangs", hanging],
    ])("[SEC-18] a store that %s makes 503 with Retry-After, and signs nobody out", async (_, fault) => {
      let broken = false;
      const { signedIn, origin } = await world(
        (store) =>
          Object.fromEntries(
            Object.entries(store)
              .filter(([, value]) => typeof value === "function")
              .map(([method, call]) => [method, (...args: unknown[]) => (broken ? fault() : call(...args))]),
          ) as unknown as SessionStore,
      );
      const person = await signedIn();
      broken = true;
      const requests = [
        ["GET", "/me"],
        ["PATCH", "/me"],
        ["GET", "/auth/sessions"],
        ["POST", "/auth/logout"],
        ["POST", "/auth/logout-all"],
        ["POST", "/auth/login"],
      ] as const;
      const answers = await Promise.all(
        requests.map(([method, path]) => person.send(method, path, method === "GET" ? undefined : ADA)),
      );
      // Without a cookie the log-in gets as far as writing.
      answers.push(await createBrowser(origin).send("POST", "/auth/login", ADA));
      for (const response of answers) {
        expect(response.status).toBe(503);
        expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
        expect(response.headers.getSetCookie()).toEqual([]);
        expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
      }
      expect((await person.fetch("/")).status).toBe(200);
      expect((await createBrowser(origin).fetch("/me")).status).toBe(401);
      broken = false;
      expect((await person.fetch("/me")).status).toBe(200);
    });
  });
}
