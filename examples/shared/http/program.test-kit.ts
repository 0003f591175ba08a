import { expect, test } from "bun:test";
import { createBrowser } from "@ventostack/testing";
import { openEvents } from "./event-stream.test-kit.ts";
import { ADA } from "./world.test-kit.ts";

/** The example as its own program, started in `folder`. */
export function describeProgram(name: string, folder: string): void {
  test(`${name} says where it listens, honours its settings, refuses large bodies, and stops when it is told to`, async () => {
    const child = Bun.spawn([process.execPath, "app.ts"], {
      cwd: folder,
      env: {
        ...process.env,
        NODE_ENV: "production",
        PORT: "0",
        SESSION_TTL: "120",
        SESSION_STORE: "memory:",
      },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const { value = new Uint8Array() } = await child.stdout.getReader().read();
    const line = new TextDecoder().decode(value);
    expect(line).toMatch(/^listening on http:\/\/localhost:\d+\n$/);
    const origin = line.slice("listening on ".length).trim();
    const login = await fetch(`${origin}/auth/login`, { method: "POST", body: JSON.stringify(ADA) });
    expect(login.headers.get("set-cookie")).toContain("Max-Age=120;");
    const statusOf = async (bytes: number): Promise<number> => {
      const body = `{"email":"${"a".repeat(bytes - '{"email":""}'.length)}"}`;
      return (await fetch(`${origin}/auth/login`, { method: "POST", body })).status;
    };
    expect([await statusOf(64 * 1024), await statusOf(64 * 1024 + 1)]).toEqual([400, 413]);
    const cookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const watcher = createBrowser(origin);
    await watcher.jar.setCookie(cookie, origin);
    await using events = await openEvents(watcher);
    expect((await events.next()).name).toBe("sessions");
    child.kill("SIGTERM");
    expect((await events.next()).name).toBe("closed");
    expect(await child.exited).toBe(0);
  });
}
