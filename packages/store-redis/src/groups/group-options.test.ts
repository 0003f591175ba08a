import { describe, expect, test } from "bun:test";
import { createRedisClient, type RedisClientOptions } from "../index.ts";
import { toGroupOptions } from "../lib/group-options.ts";

describe("of a Cluster", () => {
  test("nodes are URLs, 6379 where there is no port", () => {
    const { kind, nodes, credentials, tls } = toGroupOptions({
      cluster: ["redis://a:7000", "redis://[::1]"],
    });
    expect({ kind, nodes, credentials, tls }).toEqual({
      kind: "cluster",
      nodes: [
        { host: "a", port: 7000 },
        { host: "::1", port: 6379 },
      ],
      credentials: {},
      tls: undefined,
    });
  });

  test("credentials in the URL of one node are those of all, and options go before them", () => {
    const cluster = ["redis://a", "redis://ada:p%40ss@b"];
    expect(toGroupOptions({ cluster }).credentials).toEqual({ username: "ada", password: "p@ss" });
    const options = { cluster, username: "grace", password: "other" };
    expect(toGroupOptions(options).credentials).toEqual({ username: "grace", password: "other" });
  });

  test("a URL of rediss:// means TLS for all, with the options for it", () => {
    expect(toGroupOptions({ cluster: ["redis://a", "rediss://b"] }).tls).toBe(true);
    const tls = { ca: "certificate" };
    expect(toGroupOptions({ cluster: ["rediss://a"], tls }).tls).toEqual(tls);
    expect(toGroupOptions({ cluster: ["redis://a"], tls: true }).tls).toBe(true);
  });
});

describe("of Sentinels", () => {
  test("the nodes' credentials and the Sentinels' are kept apart", () => {
    const sentinel = { name: "main", nodes: [{ host: "s", port: 26379 }], password: "of sentinels" };
    expect(toGroupOptions({ sentinel, username: "ada", password: "of nodes" })).toEqual({
      kind: "sentinel",
      nodes: [{ host: "s", port: 26379 }],
      credentials: { username: "ada", password: "of nodes" },
      tls: undefined,
      sentinel: { name: "main", password: "of sentinels" },
    });
  });
});

const node = { host: "s", port: 26379 };

test.each([
  { cluster: [] },
  { cluster: ["a:7000"] },
  { cluster: ["http://ada:topsecret@a"] },
  { cluster: ["redis://ada:topsecret@a:notaport"] },
  { cluster: ["redis://a", ""] },
  { sentinel: { name: "", nodes: [node] } },
  { sentinel: { name: "main", nodes: [] } },
  { sentinel: { name: "main", nodes: [{ host: "", port: 1 }] } },
  { sentinel: { name: "main", nodes: [node, { host: "s", port: Number.NaN }] } },
  { sentinel: { name: "main", nodes: [{ host: "s", port: 65_536 }] } },
  { cluster: ["redis://a"], sentinel: { name: "main", nodes: [node] } },
] satisfies RedisClientOptions[])(
  "%j is refused when the client is made, and no password shown",
  (options) => {
    let thrown: unknown;
    try {
      createRedisClient(options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: "SessionError", code: "INVALID_OPTION" });
    expect(String(thrown)).not.toContain("topsecret");
  },
);
