import { describe, expect, test } from "bun:test";
import { SessionError } from "@ventostack/auth-core";
import { type CrossSiteOptions, createCrossSiteCheck } from "./cross-site.ts";
import { mistyped } from "./mistyped.test-kit.ts";

interface Sent {
  readonly method?: string;
  readonly url?: string;
  readonly site?: string;
  readonly origin?: string;
  readonly headers?: Record<string, string>;
}

/** Whether the request counts as one from another site. Asked of `https://app.example` unless it says otherwise. */
function isCrossSite(sent: Sent, options?: CrossSiteOptions): boolean {
  const { method = "POST", url = "https://app.example/me", site, origin } = sent;
  const headers = new Headers({ host: URL.parse(url)?.host ?? "", ...sent.headers });
  if (site !== undefined) headers.set("sec-fetch-site", site);
  if (origin !== undefined) headers.set("origin", origin);
  return createCrossSiteCheck(options)({ method, url, headers });
}

const sites = [undefined, "same-origin", "none", "same-site", "cross-site", "new-value"] as const;
const origins = {
  "no Origin": undefined,
  "its own": "https://app.example",
  null: "null",
  "another host": "https://evil.example",
  "a sibling": "https://www.app.example",
  "another scheme": "http://app.example",
  "another port": "https://app.example:8443",
  "an empty one": "",
  "one with a path": "https://app.example/",
  "one in other letters": "https://APP.example",
  "one with a user": "https://app.example@evil.example",
  "no URL": "app.example",
} as const;

/** What the matrix comes to: the browser's own word first, and where it has none, no Origin or our own. */
const isHarmless = (site: string | undefined, origin: string | undefined): boolean =>
  site === undefined
    ? origin === undefined || origin === "https://app.example"
    : ["same-origin", "none"].includes(site);

describe("[SEC-15] the matrix of method, Sec-Fetch-Site and Origin [ASVS 3.5.1, 3.5.3]", () => {
  const methods = ["POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "PROPFIND", "post", "get"];
  const cells = methods.flatMap((method) =>
    sites.flatMap((site) =>
      Object.entries(origins).map(([name, origin]) => ({ method, site, name, origin })),
    ),
  );

  test.each(cells)("$method, Sec-Fetch-Site $site, Origin $name", ({ method, site, origin }) => {
    const sent = { method, ...(site && { site }), ...(origin !== undefined && { origin }) };
    expect(isCrossSite(sent)).toBe(!isHarmless(site, origin));
  });

  test.each(["GET", "HEAD", "OPTIONS"])("%s is safe, wherever it comes from", (method) => {
    for (const site of sites) {
      for (const origin of Object.values(origins)) {
        const sent = { method, ...(site && { site }), ...(origin !== undefined && { origin }) };
        expect(isCrossSite(sent)).toBe(false);
      }
    }
  });

  test.each(["websocket", "WebSocket", "h2c, websocket", "websocket/13"])(
    "a GET that asks for an upgrade to %s counts as unsafe",
    (upgrade) => {
      for (const site of sites) {
        for (const origin of Object.values(origins)) {
          const sent = { method: "GET", ...(site && { site }), ...(origin !== undefined && { origin }) };
          expect(isCrossSite({ ...sent, headers: { upgrade } })).toBe(!isHarmless(site, origin));
        }
      }
    },
  );

  test.each(["h2c", "websocketish", "notwebsocket"])("an upgrade to %s does not", (upgrade) => {
    expect(isCrossSite({ method: "GET", site: "cross-site", headers: { upgrade } })).toBe(false);
  });
});

describe("the host that Origin has to be", () => {
  test.each<[string, string, string, Record<string, string>?]>([
    ["the port", "http://localhost:3000/", "http://localhost:3000"],
    [
      "behind a proxy that ends TLS: the request came by http, the browser used https",
      "http://app.example/",
      "https://app.example",
    ],
    ["the same with a port", "http://app.example:8443/", "https://app.example:8443"],
    [
      "https's own port written out",
      "http://app.example/",
      "https://app.example",
      { host: "app.example:443" },
    ],
    ["http's own port written out", "http://app.example/", "http://app.example", { host: "app.example:80" }],
    ["other letters in Host", "http://app.example/", "http://app.example", { host: "APP.Example" }],
    ["an address of IPv6", "http://[::1]:3000/", "http://[::1]:3000"],
  ])("is the same: %s", (_, url, origin, headers = {}) => {
    expect(isCrossSite({ url, origin, headers })).toBe(false);
  });

  test.each<[string, string, string, Record<string, string>?]>([
    ["another port", "http://localhost:3000/", "http://localhost:3001"],
    ["another name of the same machine", "http://localhost:3000/", "http://127.0.0.1:3000"],
    ["http's port under https", "http://app.example/", "https://app.example", { host: "app.example:80" }],
    ["plain http to a request that came by https", "https://app.example/", "http://app.example"],
    ["a host that begins alike", "https://app.example/", "https://app.example.evil.example"],
    ["a host that ends alike", "https://app.example/", "https://evilapp.example"],
    ["a Host that is none", "http://app.example/", "http://app.example", { host: "" }],
    ["a scheme that has no origin", "https://app.example/", "file://app.example"],
  ])("is another: %s", (_, url, origin, headers = {}) => {
    expect(isCrossSite({ url, origin, headers })).toBe(true);
  });

  test("is the URL's where there is no Host header, and none where the URL is unusable too", () => {
    const headers = new Headers({ origin: "https://app.example" });
    const check = createCrossSiteCheck();
    expect(check({ method: "POST", url: "https://app.example/x", headers })).toBe(false);
    expect(check({ method: "POST", url: "/x", headers })).toBe(true);
  });
});

describe("[SEC-14] X-Forwarded-Host and X-Forwarded-Proto", () => {
  const inner = "http://10.0.0.7:3000/me";
  const forwarded = { "x-forwarded-host": "app.example", "x-forwarded-proto": "https" };

  test("are ignored unless the proxy is trusted", () => {
    const origin = "https://evil.example";
    const spoofed = { "x-forwarded-host": "evil.example" };
    expect(isCrossSite({ origin, headers: spoofed })).toBe(true);
    expect(isCrossSite({ url: inner, origin: "https://app.example", headers: forwarded })).toBe(true);
  });

  test("tell the address that the browser used where it is", () => {
    const trust = { trustProxy: true };
    const at = (origin: string, headers: Record<string, string> = forwarded): boolean =>
      isCrossSite({ url: inner, origin, headers }, trust);
    expect(at("https://app.example")).toBe(false);
    expect(
      at("https://app.example", { ...forwarded, "x-forwarded-host": "app.example, inner.example" }),
    ).toBe(false);
    expect(
      at("https://inner.example", { ...forwarded, "x-forwarded-host": "app.example, inner.example" }),
    ).toBe(true);
    // Known to be https: a page of plain http is another site.
    expect(at("http://app.example")).toBe(true);
    expect(at("http://10.0.0.7:3000")).toBe(true);
    expect(at("http://10.0.0.7:3000", {})).toBe(false);
  });

  test("never take https away", () => {
    const headers = { "x-forwarded-proto": "http" };
    expect(isCrossSite({ origin: "http://app.example", headers }, { trustProxy: true })).toBe(true);
  });
});

describe("trusted origins", () => {
  const options = {
    trustedOrigins: ["https://accounts.example", "http://localhost:5173", "capacitor://localhost"],
  };

  test.each(options.trustedOrigins)("a page of %s may send anything", (origin) => {
    for (const site of sites) expect(isCrossSite({ origin, ...(site && { site }) }, options)).toBe(false);
    expect(isCrossSite({ method: "GET", origin, headers: { upgrade: "websocket" } }, options)).toBe(false);
  });

  test.each([
    "https://accounts.example:8443",
    "http://accounts.example",
    "https://x.accounts.example",
    "null",
  ])("one of %s may not", (origin) => {
    expect(isCrossSite({ origin }, options)).toBe(true);
    expect(isCrossSite({ origin, site: "cross-site" }, options)).toBe(true);
  });

  test("a request that is said to come from another site, and has no Origin, is refused", () => {
    expect(isCrossSite({ site: "cross-site" }, options)).toBe(true);
  });

  test.each<unknown>([
    ...["*", "null", "", "app.example", "https://app.example/", "https://app.example/x", "https://*.example"],
    ...["HTTPS://app.example", "https://app.example:443", "http://app.example:80", "https://a b", "https://"],
    ...["https://user@app.example", "https://app.example?x", undefined, null, 1, {}, /app/],
  ])("%p is none", (origin) => {
    const make = (): unknown =>
      createCrossSiteCheck({ trustedOrigins: ["https://ok.example", mistyped(origin)] });
    expect(make).toThrow(SessionError);
    expect(make).toThrow("The option trustedOrigins[1] is ");
  });

  test.each<unknown>(["https://app.example", null, {}, new Set(["https://app.example"])])(
    "%p is no list of them",
    (list) => {
      expect(() => createCrossSiteCheck({ trustedOrigins: mistyped(list) })).toThrow(
        "The option trustedOrigins is ",
      );
    },
  );

  test("those that are added to the list later are not taken", () => {
    const trustedOrigins: string[] = [];
    const check = createCrossSiteCheck({ trustedOrigins });
    trustedOrigins.push("https://evil.example");
    const headers = new Headers({ origin: "https://evil.example", host: "app.example" });
    expect(check({ method: "POST", url: "https://app.example/", headers })).toBe(true);
  });
});
