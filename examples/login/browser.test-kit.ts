import { createSessionStore, type SessionStore } from "@ventostack/auth";
import type { Page } from "playwright-core";
import { createApp } from "./app.ts";

export interface RunningExample {
  readonly origin: string;
  stop(): Promise<void>;
}

export async function startExample(
  urlOrStore: string | SessionStore,
  tls?: { key: string; cert: string },
): Promise<RunningExample> {
  const store = typeof urlOrStore === "string" ? await createSessionStore(urlOrStore) : urlOrStore;
  const server = Bun.serve({ port: 0, ...(tls && { tls }), ...createApp(store, { ttl: 600 }).serve() });
  return {
    // Not `server.url`, which may name the machine otherwise: to a browser that is another site.
    origin: `${tls ? "https" : "http"}://localhost:${server.port}`,
    async stop() {
      await server.stop(true);
      await store.close?.();
    },
  };
}

export async function signIn(page: Page): Promise<void> {
  await page.click("#use-ada");
  await page.click("#sign-in");
  await page.waitForSelector("#signed-in", { state: "visible" });
}

export const statusOfMe = (page: Page): Promise<number> =>
  page.evaluate(async () => (await fetch("/me")).status);
