import { describe, expect, test } from "bun:test";
import type { CreateWorld } from "./world.test-kit.ts";

export function describeData(name: string, world: CreateWorld): void {
  describe(`${name}: data`, () => {
    test("PATCH merges keys, keeps null, and refuses userId and role", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const patched = await person.send("PATCH", "/me", { theme: "dark", gone: null, deep: { a: [1] } });
      const data = { userId: "u-ada", role: "admin", theme: "dark", gone: null, deep: { a: [1] } };
      expect([patched.status, await patched.json()]).toEqual([200, data]);
      for (const patch of [{ userId: "u-grace" }, { role: "admin" }, { theme: "x", role: null }]) {
        expect((await person.send("PATCH", "/me", patch)).status).toBe(400);
      }
      expect(await (await person.fetch("/me")).json()).toEqual(data);
    });

    test.each(["[]", "null", "1", '"x"', "{", ""])("PATCH with %p is 400", async (body) => {
      const { signedIn } = await world();
      const person = await signedIn();
      expect((await person.fetch("/me", { method: "PATCH", body })).status).toBe(400);
    });

    test("[SEC-19] a __proto__ in the body reaches nothing [ASVS 15.3.6]", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const body = '{"__proto__":{"admin":true},"a":{"__proto__":{"admin":true}}}';
      expect((await person.fetch("/me", { method: "PATCH", body })).status).toBe(200);
      expect(await (await person.fetch("/me")).text()).toBe('{"userId":"u-ada","role":"admin","a":{}}');
    });

    test("a body nested too deep is 400", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const body = `${'{"a":'.repeat(2000)}1${"}".repeat(2000)}`;
      expect((await person.fetch("/me", { method: "PATCH", body })).status).toBe(400);
    });

    test("50 parallel updates of different keys all survive (G2)", async () => {
      const { signedIn } = await world();
      const person = await signedIn();
      const updates = Array.from({ length: 50 }, (_, key) =>
        person.send("PATCH", "/me", { [`key${key}`]: key }),
      );
      for (const { status } of await Promise.all(updates)) expect(status).toBe(200);
      const data = (await (await person.fetch("/me")).json()) as Record<string, unknown>;
      expect(Object.keys(data).length).toBe(52);
    });
  });
}
