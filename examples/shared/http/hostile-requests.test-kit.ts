import { describe, expect, test } from "bun:test";
import { type CreateWorld, withCookie } from "./world.test-kit.ts";

export function describeHostileRequests(name: string, world: CreateWorld): void {
  describe(`${name}: what a request may carry`, () => {
    const id = Buffer.alloc(32, 5).toString("base64url");
    test.each<[string, string]>([
      ["a path", "sid=../x"],
      ["a namespaced key", "sid=a:b"],
      ["an index key", "sid=user:42"],
      ["a pattern", "sid=*"],
      ["a hash tag", "sid={tag}"],
      ["nothing", "sid="],
      ["no value", "sid"],
      ["quotes", `sid="${id}"`],
      ["percent-encoding", `sid=%${id.slice(1)}`],
      ["a long value", `sid=${"a".repeat(8000)}`],
      ["two cookies of the name", `sid=${id}; sid=${id}`],
      ["a name after U+00A0 (CVE-2026-39410)", `\u00a0sid=${id}`],
      ["a percent-encoded name (CVE-2020-8184)", `%73id=${id}`],
      ["a name in other letters", `SID=${id}`],
      ["a nameless cookie (CVE-2023-23934)", `=sid=${id}`],
      ["a name that ends alike", `xsid=${id}`],
      ["an attribute of RFC 2965", `$Version=1; $Path=/`],
    ])("[SEC-04] %s is no session and costs no store call", async (_, cookie) => {
      const { origin, gated } = await world();
      const response = await withCookie(origin, cookie);
      expect(response.status).toBe(401);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(gated.calls).toEqual([]);
    });

    test("a live session's cookie under a confused name, twice, or as a stored hash opens nothing", async () => {
      const { signedIn, origin } = await world();
      const person = await signedIn();
      const live = await person.cookie("sid");
      const [listed] = (await (await person.fetch("/auth/sessions")).json()) as { handle: string }[];
      expect((await withCookie(origin, `sid=${live}`)).status).toBe(200);
      for (const cookie of [
        `\u00a0sid=${live}`,
        `%73id=${live}`,
        `=sid=${live}`,
        `sid="${live}"`,
        `sid=${live}; sid=${live}`,
        `sid=${id}; sid=${live}`,
        `sid=${live}; sid=`,
        `sid=${listed?.handle}`,
        `sid=session:${listed?.handle}`,
        `sid=${live?.slice(0, -1)}${live?.endsWith("A") ? "E" : "A"}`,
      ]) {
        expect([cookie.replaceAll(live ?? "", "ID"), (await withCookie(origin, cookie)).status]).toEqual([
          cookie.replaceAll(live ?? "", "ID"),
          401,
        ]);
      }
    });

    test("[SEC-02] an id in the query, the body or another header is ignored", async () => {
      const { signedIn, origin } = await world();
      const live = await (await signedIn()).cookie("sid");
      expect((await fetch(`${origin}/me?sid=${live}`)).status).toBe(401);
      const headers = { authorization: `Bearer ${live}`, "x-sid": `${live}` };
      expect((await fetch(`${origin}/me`, { headers })).status).toBe(401);
      const body = JSON.stringify({ sid: live });
      expect((await fetch(`${origin}/me`, { method: "PATCH", body })).status).toBe(401);
    });
  });
}
