import { describe, expect, test } from "bun:test";
import { createMemorySessionStore, createSessionManager, createSessionMiddleware } from "@ventostack/auth";
import { examineSetCookie, parseSetCookie } from "./set-cookie.ts";

const SOUND = "__Host-sid=x; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=3600";

function faultsOf(header: string, isPlain = false): string[] {
  const found = examineSetCookie(parseSetCookie(header), isPlain);
  return found.filter(({ level }) => level !== "ok").map(({ check, level }) => `${check}: ${level}`);
}

test("nothing is wrong with a sound cookie", () => {
  expect(faultsOf(SOUND)).toEqual([]);
  expect(faultsOf("__Host-sid=x;path=/;HTTPONLY;secure;samesite=strict;max-age=1")).toEqual([]);
});

test("nor with the middleware's own", async () => {
  const manager = createSessionManager(createMemorySessionStore(), { cookieName: "__Host-sid" });
  const sessions = createSessionMiddleware(manager);
  const ctx = { request: new Request("https://shop.example/"), state: {} };
  const response = await sessions(ctx, async () => {
    await sessions.of(ctx).create({ userId: "ada" });
    return new Response();
  });
  expect(response?.headers.getSetCookie().map((header) => faultsOf(header))).toEqual([[]]);
});

describe("finds", () => {
  const planted: readonly [string, string, ...string[]][] = [
    ["no HttpOnly", SOUND.replace(" HttpOnly;", ""), "cookie-httponly: error"],
    ["no Secure", SOUND.replace(" Secure;", ""), "cookie-secure: error"],
    ["no SameSite", SOUND.replace(" SameSite=Lax;", ""), "cookie-samesite: warning"],
    ["SameSite=None", SOUND.replace("Lax", "None"), "cookie-samesite: warning"],
    ["no Path", SOUND.replace(" Path=/;", ""), "cookie-path: error"],
    ["a Path that a __Host- cookie may not have", SOUND.replace("Path=/", "Path=/a"), "cookie-path: error"],
    [
      "a Path",
      "sid=x; Path=/a; HttpOnly; Secure; SameSite=Lax; Max-Age=1",
      "cookie-path: warning",
      "cookie-prefix: note",
    ],
    ["a Domain that a __Host- cookie may not have", `${SOUND}; Domain=a.example`, "cookie-domain: error"],
    ["a Domain", `${SOUND.replace("__Host-", "__Secure-")}; Domain=a.example`, "cookie-domain: warning"],
    ["no prefix", SOUND.replace("__Host-", ""), "cookie-prefix: note"],
    ["no Max-Age", SOUND.replace("; Max-Age=3600", ""), "cookie-age: note"],
    ["a Max-Age beyond 400 days", SOUND.replace("3600", "34560001"), "cookie-age: warning"],
    ["a Max-Age that is no number", SOUND.replace("3600", "Infinity"), "cookie-age: error"],
  ];

  test.each(planted)("%s", (_, header, ...faults) => {
    expect(faultsOf(header)).toEqual(faults);
  });

  test("no Secure on plain http only where the name asks for it", () => {
    const plain = SOUND.replace(" Secure;", "");
    expect(faultsOf(plain.replace("__Host-", ""), true)).toEqual(["cookie-secure: note"]);
    expect(faultsOf(plain, true)).toEqual(["cookie-secure: error"]);
  });
});
