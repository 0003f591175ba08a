import { afterEach, describe, expect, test } from "bun:test";
import { isSessionId } from "@ventostack/auth-core";
import { varyByCookie, withCookie } from "./answer-cookie.ts";

const idIn = (value: string) => (isSessionId(value) ? value : undefined);
const SID = { name: "sid", path: "/", domain: undefined, idIn };

const COOKIE = "sid=new; Path=/";
const FILE = new URL("../../package.json", import.meta.url);

const servers: Bun.Server<unknown>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true);
});

function serve(answer: (path: string) => Response): URL {
  const server = Bun.serve({ port: 0, fetch: (request) => answer(new URL(request.url).pathname) });
  servers.push(server);
  return server.url;
}

describe("withCookie", () => {
  test("[HOLE-13] keeps other cookies, each on its own, in their order (CVE-2026-54287, CVE-2025-7339)", () => {
    const response = new Response("x");
    for (const header of ["a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "b=2", "a=3; Path=/x", "c=4"]) {
      response.headers.append("set-cookie", header);
    }
    expect(withCookie(response, SID, COOKIE).headers.getSetCookie()).toEqual([
      "a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT",
      "b=2",
      "a=3; Path=/x",
      "c=4",
      COOKIE,
    ]);
  });

  test("leaves a cookie of its name for another path or domain, which is another cookie", () => {
    const response = new Response("x");
    const others = ["sid=; Path=/auth; Max-Age=0", "sid=; Domain=other.example; Max-Age=0"];
    for (const header of ["sid=1; Path=/", ...others]) response.headers.append("set-cookie", header);
    expect(withCookie(response, SID, COOKIE).headers.getSetCookie()).toEqual([...others, COOKIE]);
  });

  test("replaces every cookie of its own name, and only those", () => {
    const response = new Response("x");
    const others = ["SID=a", "sid2=b", "xsid=c", "a=sid=d", "b; sid=e", "sid"];
    for (const header of ["sid=1", ...others, " sid\t=2; Path=/", "sid=; Max-Age=0"]) {
      response.headers.append("set-cookie", header);
    }
    expect(withCookie(response, SID, COOKIE).headers.getSetCookie()).toEqual([...others, COOKIE]);
  });

  test("[SEC-16] keeps the answer out of every cache, whatever the handler said [ASVS 14.2.2, CVE-2023-30861]", () => {
    const response = new Response("x", { headers: { "cache-control": "public, max-age=3600" } });
    expect(withCookie(response, SID, COOKIE).headers.get("cache-control")).toBe("no-store");
    expect(withCookie(new Response("x"), SID, COOKIE).headers.get("cache-control")).toBe("no-store");
  });

  test("puts no cookie on the object that it was given: that may be handed to others (CVE-2023-30861)", () => {
    const shared = new Response(null, { status: 204, headers: { "set-cookie": "a=1" } });
    const answers = ["sid=ada", "sid=grace"].map((cookie) => withCookie(shared, SID, cookie));
    expect(answers.map(({ headers }) => headers.getSetCookie())).toEqual([
      ["a=1", "sid=ada"],
      ["a=1", "sid=grace"],
    ]);
    expect(shared.headers.getSetCookie()).toEqual(["a=1"]);
    expect(shared.headers.has("cache-control")).toBe(false);
  });

  test("takes the answer to an upgrade, which is never sent", () => {
    const answer = withCookie(new Response(null, { status: 101 }), SID, COOKIE);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([101, [COOKIE]]);
  });
});

describe("over HTTP, an answer with a cookie is the same answer, with the cookie:", () => {
  const form = new FormData();
  form.set("a", "b");
  const answers: Record<string, () => Response> = {
    "a string": () => new Response("hello"),
    "a string with a type": () => new Response("<p>", { headers: { "content-type": "text/html" } }),
    "an empty string": () => new Response(""),
    JSON: () => Response.json({ a: 1 }, { status: 201, statusText: "Created", headers: { "x-own": "kept" } }),
    bytes: () => new Response(new Uint8Array([1, 2, 3])),
    "a Blob": () => new Response(new Blob(["a{}"], { type: "text/css" })),
    "a file": () => new Response(Bun.file(FILE)),
    "a file of another type": () =>
      new Response(Bun.file(FILE), { headers: { "content-type": "text/plain" } }),
    "form data": () => new Response(new URLSearchParams({ a: "b" })),
    "a stream": () => new Response(new Blob(["one", "two"]).stream()),
    "a stream in parts": () => new Response(inParts("one", "two")),
    "a typed stream in parts": () =>
      new Response(inParts("data: 1\n\n", "data: 2\n\n"), {
        headers: { "content-type": "text/event-stream" },
      }),
    "a generator": () => new Response(written("one", "two") as unknown as ReadableStream),
    "a stream that Bun writes directly": () => new Response(direct("one", "two")),
    "a typed stream that Bun writes directly": () =>
      new Response(direct("one", "two"), { headers: { "content-type": "text/plain" } }),
    "204 without a body": () => new Response(null, { status: 204 }),
    "304 without a body": () => new Response(null, { status: 304, headers: { etag: '"v1"' } }),
    "200 without a body": () => new Response(null),
    "a redirect": () => Response.redirect("http://a.example/next", 303),
    "an error": () => new Response("gone", { status: 410 }),
  };

  function inParts(...parts: string[]): ReadableStream {
    return new ReadableStream({
      async pull(controller) {
        await new Promise(setImmediate);
        const part = parts.shift();
        if (part === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(part));
      },
    });
  }

  async function* written(...parts: string[]): AsyncGenerator<string> {
    yield* parts;
  }

  function direct(...parts: string[]): ReadableStream {
    return new ReadableStream({
      type: "direct",
      async pull(controller) {
        for (const part of parts) await controller.write(part);
        await controller.close();
      },
    });
  }

  async function received(url: URL, method: string): Promise<unknown> {
    const response = await fetch(url, { method, redirect: "manual" });
    const ours = ["set-cookie", "cache-control", "date"];
    return {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers].filter(([name]) => !ours.includes(name)).sort(),
      body: await response.text(),
    };
  }

  test.each(Object.entries(answers))("%s", async (_, make) => {
    const plain = serve(make);
    const cookied = serve(() => withCookie(make(), SID, COOKIE));
    expect(await received(cookied, "GET")).toEqual(await received(plain, "GET"));
    const { headers } = await fetch(cookied, { redirect: "manual" });
    expect([headers.getSetCookie(), headers.get("cache-control")]).toEqual([[COOKIE], "no-store"]);
  });

  test("multipart form data, whose boundary differs each time", async () => {
    const url = serve(() => withCookie(new Response(form), SID, COOKIE));
    expect((await (await fetch(url)).formData()).get("a")).toBe("b");
  });

  test("a part of a file that was asked for", async () => {
    const text = await Bun.file(FILE).text();
    const url = serve(() => withCookie(new Response(Bun.file(FILE)), SID, COOKIE));
    const response = await fetch(url, { headers: { range: "bytes=2-9" } });
    const part = await response.text();
    expect([response.status, part]).toEqual([206, text.slice(2, 10)]);
  });

  test.each([{}, { "content-type": "text/event-stream" }])(
    "a stream with the headers %j learns when its reader has gone",
    async (headers) => {
      const cancelled = Promise.withResolvers<string>();
      const endless = () =>
        new ReadableStream({
          async pull(controller) {
            await new Promise(setImmediate);
            controller.enqueue(new Uint8Array(1024));
          },
          cancel: () => cancelled.resolve("cancelled"),
        });
      const url = serve(() => withCookie(new Response(endless(), { headers }), SID, COOKIE));
      const abort = new AbortController();
      const reader = (await fetch(url, { signal: abort.signal })).body?.getReader();
      expect((await reader?.read())?.done).toBe(false);
      abort.abort();
      expect(await cancelled.promise).toBe("cancelled");
    },
  );

  test("[HOLE-16] one object handed to several requests carries nobody's cookie to another (CVE-2023-30861)", async () => {
    const url = serve((path) =>
      path === "/shared" ? shared : withCookie(shared, SID, `sid=${path.slice(1)}`),
    );
    const cookies = await Promise.all(
      ["ada", "shared", "grace", "shared"].map(async (path) =>
        (await fetch(new URL(path, url))).headers.getSetCookie(),
      ),
    );
    expect(cookies).toEqual([["sid=ada"], [], ["sid=grace"], []]);
  });
});

/** As applications write it: once, for all who ask. */
const shared = new Response(null, { status: 204 });

describe("varyByCookie", () => {
  test.each([
    [undefined, "Cookie"],
    ["", "Cookie"],
    ["Accept-Encoding", "Accept-Encoding, Cookie"],
    ["Accept-Encoding, Origin", "Accept-Encoding, Origin, Cookie"],
    ["Cookie", "Cookie"],
    ["cookie", "cookie"],
    ["Accept, COOKIE , Origin", "Accept, COOKIE , Origin"],
    ["*", "*"],
    ["X-Cookie", "X-Cookie, Cookie"],
    ["Cookie-Consent", "Cookie-Consent, Cookie"],
    ["Set-Cookie2, Accept", "Set-Cookie2, Accept, Cookie"],
  ])("of Vary: %j makes %j (CVE-2026-35192)", (vary, expected) => {
    const headers = new Headers(vary === undefined ? {} : { vary });
    varyByCookie(headers);
    expect(headers.get("vary")).toBe(expected);
    varyByCookie(headers);
    expect(headers.get("vary")).toBe(expected);
  });
});
