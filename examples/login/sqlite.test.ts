import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBrowser } from "@ventostack/testing";

const ADA = { email: "ada@example.com", password: "correct horse battery staple" };

const folder = mkdtempSync(join(tmpdir(), "ventostack-example-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example as its own process. */
async function startInstance(): Promise<{ origin: string; end(signal: NodeJS.Signals): Promise<unknown> }> {
  const child = Bun.spawn([process.execPath, "app.ts"], {
    cwd: import.meta.dir,
    env: { ...process.env, PORT: "0", SESSION_STORE: `sqlite:${join(folder, "sessions.db")}` },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const { value = new Uint8Array() } = await child.stdout.getReader().read();
  const origin = new TextDecoder().decode(value).replace("listening on ", "").trim();
  return {
    origin,
    end(signal) {
      child.kill(signal);
      return child.exited;
    },
  };
}

test.each(["SIGTERM", "SIGKILL"] as const)(
  "examples/login on SQLite: who is signed in stays so when it ends by %s and is started again, and who signed out stays out",
  async (signal) => {
    const before = await startInstance();
    const cookies: string[] = [];
    for (const _ of [1, 2]) {
      const person = createBrowser(before.origin);
      expect((await person.send("POST", "/auth/login", ADA)).status).toBe(200);
      cookies.push(`sid=${await person.cookie("sid")}`);
    }
    const [stays = "", leaves = ""] = cookies;
    const at = (
      origin: string,
      cookie: string,
      path = "/me",
      method = "GET",
      body?: string,
    ): Promise<Response> =>
      fetch(origin + path, { method, headers: { cookie }, ...(body !== undefined && { body }) });
    expect((await at(before.origin, stays, "/me", "PATCH", '{"theme":"dark"}')).status).toBe(200);
    expect((await at(before.origin, leaves, "/auth/logout", "POST")).status).toBe(200);
    await before.end(signal);

    const after = await startInstance();
    const me = await at(after.origin, stays);
    expect(await me.json()).toEqual({ userId: "u-ada", role: "admin", theme: "dark" });
    expect((await at(after.origin, leaves)).status).toBe(401);
    const everywhere = await at(after.origin, stays, "/auth/logout-all", "POST");
    expect(await everywhere.json()).toEqual({ destroyed: 1 });
    expect(await after.end("SIGTERM")).toBe(0);
  },
);
