import { type Browser, chromium } from "playwright-core";
import { requireServer } from "./require-server.ts";

/** Nothing that reaches out of this machine: where the network is closed, each attempt would wait for its end. */
const OFFLINE = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A real browser, without a window. To be closed by the caller. */
export async function openChromium(): Promise<Browser> {
  const executablePath = await requireServer("chromium");
  // Chromium refuses to sandbox its pages for root, as whom containers run tests.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, args: OFFLINE });
}
