import { describe, expect, test } from "bun:test";
import { createCrossSiteProtection } from "./cross-site-protection.ts";
import { mistyped } from "./mistyped.test-kit.ts";
import { createVisits } from "./visits.test-kit.ts";

const fromElsewhere = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
const post = (headers: Record<string, string>): RequestInit => ({ method: "POST", headers });

async function expectRefused(response: Response | undefined): Promise<void> {
  expect(response?.status).toBe(403);
  expect(response?.headers.get("cache-control")).toBe("no-store");
  expect(response?.headers.getSetCookie()).toEqual([]);
  expect(Object.keys((await response?.json()) as object)).toEqual(["error"]);
}

describe("[SEC-15] the session middleware", () => {
  test.each<[string, RequestInit]>([
    ["a POST", post(fromElsewhere)],
    ["a DELETE that an old browser sends", { method: "DELETE", headers: { origin: "https://evil.example" } }],
    ["a WebSocket handshake", { headers: { ...fromElsewhere, upgrade: "websocket" } }],
  ])("refuses %s from another site before store and handler, with a session and without", async (_, init) => {
    const { signIn, visit, calls } = createVisits();
    const { cookie } = await signIn();
    for (const sent of [cookie, undefined]) {
      let handled = false;
      const { response } = await visit(
        sent,
        () => {
          handled = true;
          return new Response();
        },
        init,
      );
      await expectRefused(response);
      expect(handled).toBe(false);
      expect(calls()).toEqual([]);
    }
  });

  test("lets through what the site's own pages send, and what no browser sends", async () => {
    const { signIn, visit } = createVisits();
    const { cookie } = await signIn();
    for (const headers of [{ "sec-fetch-site": "same-origin" }, { origin: "https://a.example" }, {}]) {
      const { response, ctx } = await visit(cookie, undefined, post(headers));
      expect([response.status, ctx.state.session]).toEqual([200, { userId: "u1" }]);
    }
  });

  test("lets through what a trusted origin sends", async () => {
    const { visit } = createVisits({ middleware: { trustedOrigins: ["https://evil.example"] } });
    expect((await visit(undefined, undefined, post(fromElsewhere))).response.status).toBe(200);
  });

  test('leaves it to the application with crossSite: "allow"', async () => {
    const { visit } = createVisits({ middleware: { crossSite: "allow" } });
    expect((await visit(undefined, undefined, post(fromElsewhere))).response.status).toBe(200);
  });

  test.each<unknown>(["Allow", true, null, ""])("refuses the option crossSite: %p", (crossSite) => {
    const make = (): unknown => createVisits({ middleware: { crossSite: mistyped(crossSite) } });
    expect(make).toThrow("The option crossSite is ");
  });

  test("refuses trusted origins where everything is allowed", () => {
    const middleware = { crossSite: "allow", trustedOrigins: ["https://a.example"] } as const;
    expect(() => createVisits({ middleware })).toThrow("leave trustedOrigins out");
  });
});

describe("createCrossSiteProtection", () => {
  const visit = (init: RequestInit, options?: Parameters<typeof createCrossSiteProtection>[0]) =>
    createCrossSiteProtection(options)(
      { request: new Request("https://a.example/", init) },
      async () => new Response("handled"),
    );

  test("refuses what comes from another site, and hands on the rest", async () => {
    await expectRefused(await visit(post(fromElsewhere)));
    expect(await (await visit(post({ origin: "https://a.example" })))?.text()).toBe("handled");
    expect(await (await visit({ headers: fromElsewhere }))?.text()).toBe("handled");
  });

  test("hands on that there is no answer", async () => {
    const protection = createCrossSiteProtection();
    const request = new Request("https://a.example/");
    expect(await protection({ request }, async () => undefined)).toBeUndefined();
  });

  test("takes trusted origins and a trusted proxy", async () => {
    const trustedOrigins = ["https://evil.example"];
    expect((await visit(post(fromElsewhere), { trustedOrigins }))?.status).toBe(200);
    const proxied = post({ origin: "https://b.example", "x-forwarded-host": "b.example" });
    expect((await visit(proxied, { trustProxy: true }))?.status).toBe(200);
    expect((await visit(proxied))?.status).toBe(403);
  });

  test("refuses an option that is none", () => {
    const misspelt = mistyped<object>({ trustedOrigin: [] });
    expect(() => createCrossSiteProtection(misspelt)).toThrow("did you mean trustedOrigins?");
    expect(() => createCrossSiteProtection({ trustProxy: mistyped("yes") })).toThrow(
      "The option trustProxy is",
    );
  });
});
