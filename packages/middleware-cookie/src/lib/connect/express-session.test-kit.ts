import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { type Browser, createBrowser } from "@ventostack/testing";
import type { Express, Request, RequestHandler } from "express";
import type { ConnectStore } from "./connect-store.ts";
import type { ConnectStoreClass } from "./to-connect-store.ts";

/** What the tests use of express-session. Its types are not installed: they declare a `req.session` of their own. */
export interface ExpressSession {
  (options: {
    store?: object;
    secret: string;
    resave: boolean;
    saveUninitialized: boolean;
    rolling?: boolean;
    cookie?: { maxAge?: number };
  }): RequestHandler;
  readonly Store: ConnectStoreClass<object>;
  readonly MemoryStore: new () => ConnectStore;
}

const require = createRequire(import.meta.url);
export const expressSession: ExpressSession = require("express-session");
export const createMemorystore = (): ConnectStore => new (require("memorystore")(expressSession))({});

/** `req.session` of express-session. */
export interface LegacySession {
  userId?: string;
  destroy(done: (error?: unknown) => void): void;
  regenerate(done: (error?: unknown) => void): void;
  [field: string]: unknown;
}

export const legacySession = (req: Request): LegacySession =>
  (req as unknown as { session: LegacySession }).session;

/** The app on a port of its own, with what a browser does. */
export async function serveExpress(
  app: Express,
): Promise<{ origin: string; browser(): Browser; stop(): Promise<void> }> {
  const server = app.listen(0);
  await once(server, "listening");
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    browser: () => createBrowser(origin),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
