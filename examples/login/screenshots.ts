// `bun run docs:screenshots` takes the pictures of the page that the documentation shows. In another folder:
// `bun run docs:screenshots FOLDER`.
import { join } from "node:path";
import { createMemorySessionStore } from "@ventostack/auth";
import { openChromium } from "@ventostack/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { createApp } from "./app.ts";

const HOUR = 3_600_000;
const folder = process.argv[2] ?? join(import.meta.dir, "../../docs/pictures");

/** Where else Ada has signed in, and how many milliseconds ago. */
const elsewhere: [number, userAgent: string][] = [
  [
    50 * HOUR,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
  ],
  [3 * HOUR, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"],
];

let ago = 0;
const clock = (): number => Date.now() - ago;
const store = createMemorySessionStore({ clock });
const server = Bun.serve({ port: 0, ...createApp(store, { ttl: 7 * 86_400, clock }).serve() });
const origin = `http://localhost:${server.port}`;
const chromium = await openChromium();

for (const [milliseconds, userAgent] of elsewhere) {
  ago = milliseconds;
  const body = JSON.stringify({ email: "ada@example.com", password: "correct horse battery staple" });
  await fetch(`${origin}/auth/login`, { method: "POST", headers: { "user-agent": userAgent }, body });
}
ago = 0;

const desktop = { width: 1000, height: 640 };
const phone = { width: 390, height: 780 };
await take("light", desktop, { signedOut: "example-sign-in.png", signedIn: "example-devices.png" });
await take("dark", desktop, { signedIn: "example-devices-dark.png" });
await take("light", phone, { signedIn: "example-devices-phone.png" });
await chromium.close();
await server.stop(true);

async function take(
  colorScheme: "light" | "dark",
  viewport: { width: number; height: number },
  files: { signedOut?: string; signedIn: string },
): Promise<void> {
  const page = await openPage(chromium, { colorScheme, viewport });
  const photograph = (file: string) => page.screenshot({ path: join(folder, file), fullPage: true });
  if (files.signedOut !== undefined) await photograph(files.signedOut);
  await page.click("#use-ada");
  await page.click("#sign-in");
  await page.waitForSelector("#live[data-live=true]");
  await photograph(files.signedIn);
  await page.click("#sign-out");
  await page.waitForSelector("#signed-out", { state: "visible" });
  await page.context().close();
}

async function openPage(browser: Browser, options: Parameters<Browser["newContext"]>[0]): Promise<Page> {
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(origin);
  await page.waitForSelector("#signed-out", { state: "visible" });
  return page;
}
