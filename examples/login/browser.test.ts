import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createMemorySessionStore } from "@ventostack/auth";
import { pace } from "@ventostack/example-shared/events";
import { selfSigned } from "@ventostack/testing";
import { openChromium } from "@ventostack/testing/chromium";
import { type RedisServer, startRedis, until } from "@ventostack/testing/redis";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { type RunningExample, signIn, startExample, statusOfMe } from "./browser.test-kit.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

pace.look = 100;

let chromium: Browser;
beforeAll(async () => {
  chromium = await openChromium();
});
afterAll(() => chromium.close());

/** A browser of its own, with the example's page open. */
async function open(origin: string, userAgent?: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.newContext({
    ...(userAgent !== undefined && { userAgent }),
    ignoreHTTPSErrors: true,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(origin);
  return { context, page };
}

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe.each([
  ["memory", () => "memory:"],
  ["Redis", () => redis.url],
])("examples/login in Chromium, on %s", (_, storeUrl) => {
  let example: RunningExample;
  beforeAll(async () => {
    example = await startExample(storeUrl());
  });
  afterAll(() => example.stop());

  test("[SEC-17] two devices see each other live, one signs the other out and then itself, and keeps no cookie", async () => {
    const phone = await open(example.origin);
    const laptop = await open(example.origin, FIREFOX);
    await signIn(phone.page);
    await phone.page.waitForSelector("#live[data-live=true]");
    await signIn(laptop.page);
    await phone.page.locator("#devices li").nth(1).waitFor();
    // Seen before it was noted which device it is, it is told once more.
    await phone.page.getByText("Firefox on Linux has signed in.").waitFor();
    const rows = laptop.page.locator("#devices li");
    expect(await rows.count()).toBe(2);
    expect(await rows.first().locator(".here").isVisible()).toBe(true);
    const labels = await rows.locator(".device-label").allTextContents();
    expect(labels).toEqual(["Firefox on Linux", "Chrome on Linux"]);
    expect(await rows.first().locator(".muted").textContent()).toMatch(/^Signed in (just now|.* ago)$/);
    expect(await statusOfMe(phone.page)).toBe(200);

    await rows.last().getByRole("button").click();
    await rows.nth(1).waitFor({ state: "detached" });
    // Nobody has touched the phone.
    await phone.page.waitForSelector("#signed-out", { state: "visible" });
    expect(await phone.page.textContent("#status")).toBe("You have been signed out from elsewhere.");
    expect(await phone.page.locator("#email").evaluate((email) => email.matches(":focus"))).toBe(true);
    expect(await statusOfMe(phone.page)).toBe(401);
    expect(await statusOfMe(laptop.page)).toBe(200);

    expect((await laptop.context.cookies()).length).toBe(1);
    await laptop.page.click("#sign-out");
    await laptop.page.waitForSelector("#signed-out", { state: "visible" });
    expect(await laptop.context.cookies()).toEqual([]);
    expect(await statusOfMe(laptop.page)).toBe(401);
    await Promise.all([phone.context.close(), laptop.context.close()]);
  });
});

describe("examples/login in Chromium", () => {
  let example: RunningExample;
  let page: Page;
  let context: BrowserContext;
  beforeAll(async () => {
    example = await startExample("memory:");
    ({ context, page } = await open(example.origin));
    await signIn(page);
  });
  afterAll(async () => {
    await context.close();
    await example.stop();
  });

  async function expectCookie(of: BrowserContext, secure: boolean): Promise<void> {
    const [cookie, ...others] = await of.cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ name: "sid", domain: "localhost", path: "/", httpOnly: true, secure });
    expect(cookie?.sameSite).toBe("Strict");
    expect((cookie?.expires ?? 0) - Date.now() / 1000).toBeWithin(1, 601);
  }

  test("[SEC-11] keeps the cookie as HttpOnly and SameSite, for every path, until the session ends", async () => {
    await expectCookie(context, false);
    expect(await page.evaluate<string>("document.cookie")).toBe("");
  });

  test("[SEC-11] keeps it as Secure over https, and sends it where the session is", async () => {
    const secured = await startExample("memory:", await selfSigned());
    const visitor = await open(secured.origin);
    await signIn(visitor.page);
    await expectCookie(visitor.context, true);
    expect(await statusOfMe(visitor.page)).toBe(200);
    await visitor.context.close();
    await secured.stop();
  });

  test("the page runs its own script and no other", async () => {
    const ran = await page.evaluate<string>(`(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'planted'";
      document.body.append(script);
      return document.title;
    })()`);
    expect(ran).toBe("Your account · VentoStack Auth");
  });

  test("the keyboard is enough, and the focus goes where one would go on", async () => {
    const visitor = await open(example.origin);
    const { keyboard } = visitor.page;
    const focused = () =>
      visitor.page.evaluate<string>("document.activeElement.id || document.activeElement.textContent");
    await visitor.page.waitForSelector("#signed-out", { state: "visible" });
    await keyboard.press("Tab");
    expect(await focused()).toBe("email");
    await keyboard.type("grace@example.com");
    await keyboard.press("Tab");
    await keyboard.type("correct horse battery stable");
    await keyboard.press("Enter");
    await visitor.page.waitForSelector("#status[data-kind=error]");
    expect(await focused()).toBe("password");
    await keyboard.type("correct horse battery staple");
    await keyboard.press("Enter");
    await visitor.page.waitForSelector("#status[data-kind=ok]");
    expect(await focused()).toBe("signed-in-title");
    for (const next of ["sign-out", "note", "save-note", "Sign out", "sign-out-all"]) {
      await keyboard.press("Tab");
      expect(await focused()).toBe(next);
    }
    await keyboard.press("Enter");
    await visitor.page.waitForSelector("#signed-out", { state: "visible" });
    expect(await visitor.page.textContent("#status")).toBe("You are signed out on 1 device.");
    expect(await focused()).toBe("email");
    await visitor.context.close();
  });

  test("without the stream of events the page asks, and finds out as well", async () => {
    const visitor = await open(example.origin);
    let refused = 0;
    await visitor.page.route("**/auth/events", (route) => {
      refused += 1;
      return route.fulfill({ status: 429 });
    });
    let listed = 0;
    visitor.page.on("response", (answer) => {
      if (answer.url().endsWith("/auth/sessions")) listed += 1;
    });
    const look = () => visitor.page.evaluate("dispatchEvent(new Event('focus'))");
    await signIn(visitor.page);
    await until(() => refused > 0, 20_000);
    // Without asking for the stream again each time.
    await until(async () => {
      await look();
      return listed >= 4;
    }, 20_000);
    expect(await visitor.page.textContent("#live")).toBe("Not live");
    const [cookie] = await visitor.context.cookies();
    const headers = { cookie: `sid=${cookie?.value}` };
    await fetch(`${example.origin}/auth/logout`, { method: "POST", headers });
    await look();
    await visitor.page.waitForSelector("#signed-out", { state: "visible" });
    expect(refused).toBe(1);
    await visitor.context.close();
  });

  describe("[SEC-15] a form that another site's page posts is refused, and the session lives on:", () => {
    let evil: Bun.Server<unknown>;
    beforeAll(() => {
      const form = `<form method="post" action="${example.origin}/auth/logout-all"><button>Win</button></form>`;
      const framed = `<iframe sandbox="allow-forms allow-scripts" srcdoc='${form}'></iframe>`;
      const html = (body: string) => new Response(body, { headers: { "content-type": "text/html" } });
      evil = Bun.serve({ port: 0, routes: { "/form": () => html(form), "/frame": () => html(framed) } });
    });
    afterAll(() => evil.stop(true));

    // To a cookie another port is the same site: it is sent along.
    test.each([
      ["from another port", "localhost", "/form", true],
      ["from another host", "127.0.0.1", "/form", false],
      ["from a frame that hides where it is from", "localhost", "/frame", false],
    ])("%s", async (_, host, path, withCookie) => {
      const other = await context.newPage();
      await other.goto(`http://${host}:${evil.port}${path}`);
      const answered = other.waitForResponse((each) => each.url().endsWith("/auth/logout-all"));
      await other.frames().at(-1)?.getByRole("button").click();
      const response = await answered;
      const { cookie = "" } = await response.request().allHeaders();
      expect([response.status(), cookie.includes("sid=")]).toEqual([403, withCookie]);
      expect(await statusOfMe(page)).toBe(200);
      await other.close();
    });
  });
});

test("[SEC-18] while the store is down the page says that nobody was signed out, and goes on when it is back", async () => {
  let broken = false;
  const { listByUser, ...store } = createMemorySessionStore();
  const example = await startExample({
    ...store,
    listByUser: (key) => (broken ? Promise.reject(new Error("refused")) : listByUser(key)),
  });
  const { page, context } = await open(example.origin);
  await signIn(page);
  await page.waitForSelector("#live[data-live=true]");
  broken = true;
  await page.waitForSelector("#live[data-live=false]");
  expect(await page.textContent("#status")).toStartWith(
    "The service is unavailable. You have not been signed out",
  );
  expect(await page.isVisible("#signed-in")).toBe(true);
  broken = false;
  await page.waitForSelector("#live[data-live=true]");
  expect(await page.textContent("#status")).toBe("The service is available again.");
  await context.close();
  await example.stop();
});

describe.each(["light", "dark"] as const)("axe finds nothing to object to in the %s page", (colorScheme) => {
  let example: RunningExample;
  let visitor: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    example = await startExample("memory:");
    visitor = await open(example.origin);
    await visitor.page.emulateMedia({ colorScheme });
  });
  afterAll(async () => {
    await visitor.context.close();
    await example.stop();
  });

  async function expectAccessible(page: Page): Promise<void> {
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run()");
    expect(passes.map(({ id }) => id)).toContain("color-contrast");
    const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    expect(found).toEqual([]);
  }

  test("before the log-in, with what went wrong", async () => {
    const { page } = visitor;
    await page.waitForSelector("#signed-out", { state: "visible" });
    await page.click("#sign-in");
    await page.waitForSelector("#status[data-kind=error]");
    await expectAccessible(page);
  });

  test("with the list of devices, which fits a narrow screen", async () => {
    const { page } = visitor;
    const other = await open(example.origin, FIREFOX);
    await signIn(other.page);
    await signIn(page);
    await page.waitForSelector("#live[data-live=true]");
    expect(await page.locator("#devices li").count()).toBe(2);
    await expectAccessible(page);
    await page.setViewportSize({ width: 320, height: 700 });
    const scrolls = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    expect(await page.evaluate<boolean>(scrolls)).toBe(false);
    await other.context.close();
  });
});
