import { describe, expect, test } from "bun:test";
import { html, json, redirect, text } from "./responses.ts";

describe("json", () => {
  test("has the type, and the status that was given", async () => {
    const response = json({ a: [1, null] }, 201);
    expect(response.status).toBe(201);
    expect(response.headers.get("Content-Type")).toStartWith("application/json");
    expect(await response.json()).toEqual({ a: [1, null] });
  });

  test("takes headers beside the status", () => {
    const response = json(null, { status: 202, headers: { "X-One": "1" } });
    expect(response.status).toBe(202);
    expect(response.headers.get("X-One")).toBe("1");
    expect(response.headers.get("Content-Type")).toStartWith("application/json");
  });

  test("refuses what JSON cannot carry", () => {
    expect(() => json(undefined)).toThrow(TypeError);
  });
});

describe.each([
  ["text", text, "text/plain; charset=utf-8"],
  ["html", html, "text/html; charset=utf-8"],
] as const)("%s", (_name, helper, type) => {
  test("has the type where middleware can see it", async () => {
    const response = helper("<p>é</p>");
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toBe(type);
    expect(await response.text()).toBe("<p>é</p>");
  });

  test("keeps the type with other headers and a status", () => {
    expect(helper("", 404).status).toBe(404);
    expect(helper("", 404).headers.get("Content-Type")).toBe(type);
    const response = helper("", { status: 410, headers: [["X-One", "1"]] });
    expect(response.status).toBe(410);
    expect(response.headers.get("X-One")).toBe("1");
    expect(response.headers.get("Content-Type")).toBe(type);
  });

  test("leaves a type that was given", () => {
    expect(helper("", { headers: { "content-type": "text/csv" } }).headers.get("Content-Type")).toBe(
      "text/csv",
    );
  });
});

describe("redirect", () => {
  test("is a 302 to a relative or absolute location", () => {
    expect(redirect("/login?next=%2Fme#top").status).toBe(302);
    expect(redirect("/login?next=%2Fme#top").headers.get("Location")).toBe("/login?next=%2Fme#top");
    expect(redirect("https://example.com/").headers.get("Location")).toBe("https://example.com/");
  });

  test("takes the other statuses of redirects, and no others", () => {
    expect([301, 303, 307, 308].map((status) => redirect("/", status).status)).toEqual([301, 303, 307, 308]);
    for (const status of [200, 300, 304, 404, Number.NaN]) {
      expect(() => redirect("/", status)).toThrow(RangeError);
    }
  });

  test.each(["/a\r\nSet-Cookie: sid=1", "/a\n", "/a\rb", "/\t/example.com", "/a\0", "/a\u0085"])(
    "refuses the control character in %j",
    (location) => {
      expect(() => redirect(location)).toThrow("control character");
    },
  );

  test("percent-encodes what no header may hold", () => {
    expect(redirect("/用户/é a").headers.get("Location")).toBe("/%E7%94%A8%E6%88%B7/%C3%A9%20a");
    expect(redirect("/\ud800").headers.get("Location")).toBe("/%EF%BF%BD");
  });
});

test("every helper's headers can be added to", () => {
  for (const response of [json({}), text(""), html(""), redirect("/")]) {
    response.headers.append("Set-Cookie", "a=1");
    response.headers.append("Set-Cookie", "b=2");
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  }
});
