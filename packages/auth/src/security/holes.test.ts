import { afterAll, afterEach, beforeAll, describe, expect, spyOn, test } from "bun:test";
import { type Browser, createBrowser } from "@ventostack/testing";
import { until } from "@ventostack/testing/redis";
import { type Site, type Storage, startSite, storages } from "./site.test-kit.ts";

/** The holes that other session libraries had, each over HTTP: docs/security.md tells which. */
describe.each(storages)("holes that others had, on %s:", (_, startStorage) => {
  let storage: Storage;
  const running: Site[] = [];
  beforeAll(async () => {
    storage = await startStorage();
  });
  afterEach(async () => {
    for (const site of running.splice(0)) await site.stop();
  });
  afterAll(() => storage.stop());

  async function start(options?: Parameters<typeof startSite>[1]): Promise<Site> {
    const site = await startSite(storage, options);
    running.push(site);
    return site;
  }

  /** A request with a cookie header written by hand. */
  const ask = (site: Site, cookie: string, path = "/me", method = "GET"): Promise<Response> =>
    fetch(site.origin + path, { method, headers: { cookie } });
  const statusOf = async (site: Site, cookie: string): Promise<number> => (await ask(site, cookie)).status;

  async function signedIn(site: Site, user = "ada"): Promise<Browser & { id: string }> {
    const person = createBrowser(site.origin);
    expect((await person.send("POST", `/login/${user}`)).status).toBe(200);
    return { ...person, id: (await person.cookie("sid")) ?? "missing" };
  }

  test.each(["/login/ada", "/login-by-hand/ada", "/rise/ada"])(
    "[HOLE-01] [SEC-05] an id from before a log-in by %s opens nothing after it (fixation, CVE-2022-25896, CVE-2023-29019)",
    async (path) => {
      const site = await start();
      const attacker = createBrowser(site.origin);
      await attacker.send("POST", "/visit");
      const planted = `sid=${await attacker.cookie("sid")}`;
      expect(await statusOf(site, planted)).toBe(200);
      const login = await ask(site, planted, path, "POST");
      const handedOut = login.headers.getSetCookie().find((header) => header.startsWith("sid=")) ?? "";
      expect(handedOut).not.toStartWith(planted);
      expect(await statusOf(site, planted)).toBe(401);
      expect(await statusOf(site, handedOut.slice(0, handedOut.indexOf(";")))).toBe(200);
    },
  );

  test("[HOLE-02] [SEC-07] a request that saves late brings no session back (CVE-2025-46336, CVE-2025-32441)", async () => {
    const [site, other] = [await start({ touchInterval: 0 }), await start()];
    const { id } = await signedIn(site);
    const held = site.holdSlow();
    const late = ask(site, `sid=${id}`, "/slow", "PATCH");
    await held.reached;
    expect((await ask(other, `sid=${id}`, "/logout", "POST")).status).toBe(200);
    held.release();
    const response = await late;
    expect([response.status, response.headers.getSetCookie()]).toEqual([401, []]);
    expect([await statusOf(site, `sid=${id}`), await statusOf(other, `sid=${id}`)]).toEqual([401, 401]);
  });

  test("[HOLE-03] [SEC-06] a session ends on the server, whatever the browser sends (CVE-2024-35220)", async () => {
    const site = await start({ ttl: 0.4, absoluteTtl: 0.4 });
    const { id } = await signedIn(site);
    expect(await statusOf(site, `sid=${id}`)).toBe(200);
    // A browser that keeps its cookie for ever, and goes on using it.
    await until(async () => (await statusOf(site, `sid=${id}`)) === 401, 10_000);
    expect(await site.manager.get(id)).toBeNull();
  });

  test("[HOLE-04] [SEC-07] a log-out is in the store once it is answered, for every process (CVE-2023-20862)", async () => {
    const [site, other] = [await start(), await start()];
    const person = await signedIn(site);
    expect(await statusOf(other, `sid=${person.id}`)).toBe(200);
    expect((await person.send("POST", "/logout")).status).toBe(200);
    const restarted = await start();
    for (const each of [site, other, restarted]) expect(await statusOf(each, `sid=${person.id}`)).toBe(401);
  });

  test("[HOLE-05] [SEC-09] what is logged of a failure holds no id (CVE-2023-20866)", async () => {
    using printed = spyOn(console, "error").mockImplementation(() => {});
    const site = await start();
    const loud = await start({ middleware: { onFailure: (error) => console.error(error) } });
    const { id } = await signedIn(site);
    await storage.corrupt(site.manager.options.prefix + site.manager.handleOf(id));
    for (const each of [site, loud]) expect(await statusOf(each, `sid=${id}`)).toBe(401);
    const logged = Bun.inspect([site.failures, printed.mock.calls], { depth: 20 });
    expect([site.failures.length, printed.mock.calls.length]).toEqual([1, 1]);
    expect(logged).toContain("CORRUPT_RECORD");
    expect(logged).not.toContain(id);
    await site.manager.destroy(id);
  });

  test("[HOLE-06] [SEC-03] [SEC-09] the key or the hash of a session is no id (CVE-2019-16782)", async () => {
    const site = await start();
    const { id } = await signedIn(site);
    const handle = site.manager.handleOf(id);
    const listed = JSON.stringify(await site.manager.listByUser("ada"));
    expect([listed.includes(handle), listed.includes(id)]).toEqual([true, false]);
    for (const value of [handle, site.manager.options.prefix + handle]) {
      expect(await statusOf(site, `sid=${value}`)).toBe(401);
    }
  });

  test.each<[string, (id: string) => string]>([
    ["[HOLE-07] its name after U+00A0 (CVE-2026-39410)", (id) => `\u00a0sid=${id}`],
    ["[HOLE-08] its name percent-encoded (CVE-2020-8184)", (id) => `%73id=${id}`],
    ["[HOLE-09] its name in a cookie without one (CVE-2023-23934)", (id) => `=sid=${id}`],
    ["[HOLE-10] $Version before it, and attributes behind", (id) => `$Version=1; sid="${id}"; $Path=/`],
    ["[HOLE-11] [SEC-04] a second cookie of its name behind", (id) => `sid=${id}; sid=x`],
    ["[HOLE-11] [SEC-04] a second cookie of its name before", (id) => `sid=; sid=${id}`],
    ["[HOLE-11] [SEC-04] the same cookie twice", (id) => `sid=${id}; sid=${id}`],
  ])("%s: a live id opens nothing", async (_, confused) => {
    const site = await start();
    const { id } = await signedIn(site);
    expect(await statusOf(site, confused(id))).toBe(401);
    expect(await statusOf(site, `sid=${id}`)).toBe(200);
  });

  test("[HOLE-13] every Set-Cookie of an answer arrives, each on its own (CVE-2026-54287, CVE-2025-7339)", async () => {
    const site = await start();
    const response = await ask(site, "", "/login-by-hand/ada", "POST");
    const names = response.headers.getSetCookie().map((header) => header.slice(0, header.indexOf("=")));
    expect(names).toEqual(["theme", "sid"]);
  });

  test("[HOLE-14] an empty id is nobody's session (CVE-2015-3982)", async () => {
    const site = await start();
    for (const cookie of ["sid=", "sid", 'sid=""', "sid=;"]) {
      expect((await ask(site, cookie, "/slow", "PATCH")).status).toBe(401);
      expect(await statusOf(site, cookie)).toBe(401);
    }
  });

  test("[HOLE-15] [SEC-02] requests with made-up ids leave nothing in the store (CVE-2015-5143)", async () => {
    const site = await start();
    const before = await storage.count();
    for (let made = 0; made < 100; made++) {
      const id = Buffer.alloc(32, made + 1).toString("base64url");
      const { status, headers } = await ask(
        site,
        `sid=${id}`,
        made % 2 ? "/me" : "/rise/ada",
        made % 2 ? "GET" : "POST",
      );
      expect([status, headers.getSetCookie()]).toEqual([made % 2 ? 401 : 200, []]);
    }
    expect(await storage.count()).toBe(before);
  });

  test("[HOLE-16] [SEC-16] no cache may hand one user's page to another (CVE-2023-30861, CVE-2026-35192)", async () => {
    const site = await start({ touchInterval: 0 });
    const person = createBrowser(site.origin);
    const login = await person.send("POST", "/login/ada");
    expect([login.headers.get("vary"), login.headers.get("cache-control")]).toEqual(["Cookie", "no-store"]);
    const stranger = await ask(site, "");
    expect(stranger.headers.get("vary")).toBe("Cookie");
    // A refresh that renews the cookie, too.
    await until(async () => {
      const { headers } = await person.fetch("/me");
      expect(headers.get("vary")).toBe("Cookie");
      if (headers.getSetCookie().length === 0) return false;
      expect(headers.get("cache-control")).toBe("no-store");
      return true;
    }, 10_000);
    const logout = await person.send("POST", "/logout");
    expect(logout.headers.get("cache-control")).toBe("no-store");
  });

  test("[HOLE-17] [SEC-08] a session that was ended elsewhere is refused at the very next request (GHSA-xg6x-h9c9-2m83)", async () => {
    const [site, other] = [await start(), await start()];
    const [phone, laptop] = [await signedIn(site, "grace"), await signedIn(site, "grace")];
    for (const { id } of [phone, laptop]) expect(await statusOf(site, `sid=${id}`)).toBe(200);
    expect(await other.manager.destroyByHandle("grace", other.manager.handleOf(phone.id))).toBe(true);
    expect([await statusOf(site, `sid=${phone.id}`), await statusOf(site, `sid=${laptop.id}`)]).toEqual([
      401, 200,
    ]);
    expect(await other.manager.destroyByUser("grace")).toBe(1);
    expect(await statusOf(site, `sid=${laptop.id}`)).toBe(401);
  });
});
