import { describe, expect, test } from "bun:test";
import { createMemorySessionStore } from "@ventostack/auth";
import { readSettings } from "@ventostack/example-shared/app";
import { describeHttpInterface } from "@ventostack/example-shared/http-interface";
import { createBrowser } from "@ventostack/testing";
import { createApp } from "./app.ts";
import { start } from "./start.test-kit.ts";

describeHttpInterface("examples/login", start);

test("the devices that a user is signed in on are listed by name, and what is not known is left out", async () => {
  const store = createMemorySessionStore();
  const server = Bun.serve({ port: 0, ...createApp(store, { ttl: 600 }).serve() });
  try {
    const [phone, script] = [createBrowser(server.url.origin), createBrowser(server.url.origin)];
    const userAgent = "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0";
    const body = JSON.stringify({ email: "ada@example.com", password: "correct horse battery staple" });
    await phone.fetch("/auth/login", { method: "POST", body, headers: { "user-agent": userAgent } });
    await script.fetch("/auth/login", { method: "POST", body, headers: { "user-agent": "" } });
    const list = (await (await phone.fetch("/auth/sessions")).json()) as Record<string, unknown>[];
    const named = list.find(({ current }) => current);
    expect(named).toMatchObject({
      device: "Firefox on Android",
      userAgent,
      authenticatedAt: named?.createdAt,
    });
    const other = list.find(({ current }) => !current);
    expect(Object.keys(other ?? {}).sort()).toEqual([
      "authenticatedAt",
      "createdAt",
      "current",
      "expiresAt",
      "handle",
    ]);
  } finally {
    await server.stop(true);
  }
});

test("a setting that is empty counts as not set", () => {
  const defaults = { port: 3000, store: "memory:", ttl: 3600 };
  expect(readSettings({})).toEqual(defaults);
  expect(readSettings({ PORT: "", SESSION_STORE: "", SESSION_TTL: "" })).toEqual(defaults);
  expect(readSettings({ PORT: "0", SESSION_STORE: "redis://a.example", SESSION_TTL: "60" })).toEqual({
    port: 0,
    store: "redis://a.example",
    ttl: 60,
  });
});

describe("examples/login as a program", () => {
  async function start(
    env: Record<string, string>,
  ): Promise<{ process: Bun.Subprocess<"ignore", "pipe", "pipe">; line: string }> {
    const child = Bun.spawn([process.execPath, "app.ts"], {
      cwd: import.meta.dir,
      env: { ...process.env, PORT: "0", ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const { value = new Uint8Array() } = await child.stdout.getReader().read();
    return { process: child, line: new TextDecoder().decode(value) };
  }

  test("says where it listens, honours SESSION_TTL, and stops when it is told to", async () => {
    const { process: child, line } = await start({ SESSION_TTL: "120", SESSION_STORE: "memory:" });
    expect(line).toMatch(/^listening on http:\/\/localhost:\d+\n$/);
    const origin = line.slice("listening on ".length).trim();
    const body = JSON.stringify({ email: " Ada@Example.com ", password: "correct horse battery staple" });
    const login = await fetch(`${origin}/auth/login`, { method: "POST", body });
    expect(login.headers.get("set-cookie")).toContain("Max-Age=120;");
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  });

  test("takes a body of 64 KiB, and refuses a larger one", async () => {
    const { process: child, line } = await start({ SESSION_STORE: "memory:" });
    const origin = line.slice("listening on ".length).trim();
    const statusOf = async (bytes: number): Promise<number> => {
      const body = `{"email":"${"a".repeat(bytes - '{"email":""}'.length)}"}`;
      return (await fetch(`${origin}/auth/login`, { method: "POST", body })).status;
    };
    expect([await statusOf(64 * 1024), await statusOf(64 * 1024 + 1)]).toEqual([400, 413]);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  });

  test.each([
    ["SESSION_TTL", "soon", "The option ttl is NaN"],
    ["SESSION_STORE", "mongodb://user:secret@host/", "mongodb:"],
  ])("refuses %s=%s and says why", async (name, value, message) => {
    const { process: child } = await start({ [name]: value });
    const errors = await new Response(child.stderr).text();
    expect(await child.exited).not.toBe(0);
    expect(errors).toContain(message);
    expect(errors).not.toContain("secret@");
  });
});
