import { describe, expect, test } from "bun:test";
import { createCrossSiteCheck } from "./cross-site.ts";
import { type NodeRequest, toRequestView } from "./node-request-view.ts";

function view(headers: NodeRequest["headers"], rest: Partial<NodeRequest> = {}) {
  const request = { method: "POST", protocol: "http", originalUrl: "/transfer", socket: {}, ...rest };
  return toRequestView({ ...request, headers });
}

describe("a request of Node's kind", () => {
  test("has scheme and host in its URL, and headers by any case of their names", () => {
    const { url, headers } = view({ host: "app.example:81", "set-cookie": ["a", "b"] });
    expect(url).toBe("http://app.example:81/transfer");
    expect([headers.get("Host"), headers.get("Set-Cookie"), headers.get("origin")]).toEqual([
      "app.example:81",
      "a, b",
      null,
    ]);
  });

  test.each([
    [{}, "https", "https:"],
    [{}, "http", "http:"],
    [{ encrypted: false }, "https", "https:"],
    [{ encrypted: true }, "http", "https:"],
  ])("over %p, by %p, came by %p", (socket, protocol, scheme) => {
    expect(new URL(view({ host: "app.example" }, { socket, protocol }).url).protocol).toBe(scheme);
  });
});

describe("[SEC-15] another site's request of Node's kind", () => {
  const isCrossSite = createCrossSiteCheck();

  test.each([
    ["HTTP/1.1", { host: "app.example" }],
    ["HTTP/2", { ":authority": "app.example" }],
  ])("is told by the host that was asked: %s", (_, asked) => {
    expect(isCrossSite(view({ ...asked, origin: "http://app.example" }))).toBe(false);
    expect(isCrossSite(view({ ...asked, origin: "http://evil.example" }))).toBe(true);
  });

  test("has no host in its path, also where the request names none", () => {
    for (const originalUrl of [
      "/evil.example/",
      "//evil.example/",
      "evil.example/",
      "http://evil.example/",
    ]) {
      const headers = { origin: "http://evil.example" };
      expect([originalUrl, isCrossSite(view(headers, { originalUrl }))]).toEqual([originalUrl, true]);
    }
  });

  test("is none of this site's for a header that was sent twice", () => {
    const headers = { host: "app.example", "sec-fetch-site": "same-origin, cross-site" };
    expect(isCrossSite(view(headers))).toBe(true);
  });
});
