import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createBrowser } from "@ventostack/testing";
import { type RedisServer, startRedis, until } from "@ventostack/testing/redis";

const ADA = { email: "ada@example.com", password: "correct horse battery staple" };

/** The example as its own process, as it would run on each of several machines. */
async function startInstance(store: string): Promise<{ origin: string; stop(): Promise<number> }> {
  const child = Bun.spawn([process.execPath, "app.ts"], {
    cwd: import.meta.dir,
    env: { ...process.env, PORT: "0", SESSION_STORE: store },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const { value = new Uint8Array() } = await child.stdout.getReader().read();
  const origin = new TextDecoder().decode(value).replace("listening on ", "").trim();
  return {
    origin,
    stop() {
      child.kill("SIGTERM");
      return child.exited;
    },
  };
}

describe("examples/login on Redis", () => {
  let redis: RedisServer;
  let one: Awaited<ReturnType<typeof startInstance>>;
  let other: Awaited<ReturnType<typeof startInstance>>;
  beforeAll(async () => {
    redis = await startRedis();
    [one, other] = await Promise.all([startInstance(redis.url), startInstance(redis.url)]);
  });
  afterAll(async () => {
    await Promise.all([one.stop(), other.stop()]);
    await redis.stop();
  });

  /** Somebody signed in, with one cookie for both instances: they are one site behind a balancer. */
  async function signedIn() {
    const person = createBrowser(one.origin);
    expect((await person.send("POST", "/auth/login", ADA)).status).toBe(200);
    const cookie = `sid=${await person.cookie("sid")}`;
    const at = (origin: string, path: string, method = "GET", body?: unknown): Promise<Response> =>
      fetch(origin + path, {
        method,
        headers: { cookie },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    return { at };
  }

  test("a log-in at one instance holds at the other, and so does what each of them changes", async () => {
    const { at } = await signedIn();
    expect((await at(other.origin, "/me", "PATCH", { theme: "dark" })).status).toBe(200);
    const me = await (await at(one.origin, "/me")).json();
    expect(me).toEqual({ userId: "u-ada", role: "admin", theme: "dark" });
  });

  test("50 updates at once through both instances all survive (G2)", async () => {
    const { at } = await signedIn();
    const updates = Array.from({ length: 50 }, (_, key) =>
      at(key % 2 ? one.origin : other.origin, "/me", "PATCH", { [`key${key}`]: key }),
    );
    for (const { status } of await Promise.all(updates)) expect(status).toBe(200);
    const data = (await (await at(one.origin, "/me")).json()) as Record<string, unknown>;
    expect(Object.keys(data).length).toBe(52);
  });

  test("a log-out at one instance holds at the other (G1), and so does log-out-everywhere (G5)", async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    expect((await first.at(other.origin, "/auth/logout", "POST")).status).toBe(200);
    expect((await first.at(one.origin, "/me")).status).toBe(401);
    const everywhere = await second.at(other.origin, "/auth/logout-all", "POST");
    const { destroyed } = (await everywhere.json()) as { destroyed: number };
    expect(destroyed).toBeGreaterThanOrEqual(1);
    expect((await second.at(one.origin, "/me")).status).toBe(401);
  });

  test("[SEC-18] while Redis is away: 503 and no cookie; signed in as before once it is back (G6)", async () => {
    const { at } = await signedIn();
    await redis.command("SAVE");
    await redis.kill();
    const away = await at(one.origin, "/me");
    expect([away.status, away.headers.getSetCookie()]).toEqual([503, []]);
    expect(Number(away.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await fetch(one.origin)).status).toBe(200);
    await redis.restart({ keepData: true });
    for (const { origin } of [one, other]) {
      await until(async () => (await at(origin, "/me")).status === 200, 10_000);
    }
  });

  test("an instance that was restarted knows the sessions from before", async () => {
    const { at } = await signedIn();
    expect(await other.stop()).toBe(0);
    other = await startInstance(redis.url);
    expect((await at(other.origin, "/me")).status).toBe(200);
  });
});
