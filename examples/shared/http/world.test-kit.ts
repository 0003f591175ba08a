import { afterEach, expect } from "bun:test";
import { createMemorySessionStore, type SessionStore } from "@ventostack/auth";
import {
  type Browser,
  createBrowser,
  createTestClock,
  type GatedStore,
  gate,
  type TestClock,
} from "@ventostack/testing";
import { pace } from "../events.ts";

pace.look = 20;

/** An example app on a given store. */
export interface RunningApp {
  readonly origin: string;
  stop(): Promise<void>;
}

export interface AppSettings {
  readonly ttl: number;
  readonly touchInterval: number;
  /** Milliseconds. */
  readonly storeTimeout: number;
  readonly clock: () => number;
}

export type StartApp = (store: SessionStore, settings: AppSettings) => RunningApp | Promise<RunningApp>;

export const ADA = { email: "ada@example.com", password: "correct horse battery staple" };
export const GRACE = { ...ADA, email: "grace@example.com" };
/** Seconds. */
export const TTL = 1000;
/** Seconds. */
export const INTERVAL = 100;

export interface World {
  readonly origin: string;
  readonly clock: TestClock;
  readonly gated: GatedStore;
  browser(): Browser;
  /** A browser that has signed in. */
  signedIn(as?: typeof ADA): Promise<Browser>;
}

/** An app of its own for each test, on a store that can be wrapped first. */
export type CreateWorld = (wrap?: (store: SessionStore) => SessionStore) => Promise<World>;

/** The apps end with the test that made them. */
export function createWorlds(start: StartApp): CreateWorld {
  const running: RunningApp[] = [];
  afterEach(async () => {
    for (const app of running.splice(0)) await app.stop();
  });

  return async (wrap = (store) => store) => {
    const clock = createTestClock(Date.now());
    const gated = gate(wrap(createMemorySessionStore({ clock })));
    const app = await start(gated.store, { ttl: TTL, touchInterval: INTERVAL, storeTimeout: 500, clock });
    running.push(app);
    const browser = (): Browser => createBrowser(app.origin);
    return {
      origin: app.origin,
      clock,
      gated,
      browser,
      async signedIn(as = ADA) {
        const signedIn = browser();
        const response = await signedIn.send("POST", "/auth/login", as);
        expect(response.status).toBe(200);
        return signedIn;
      },
    };
  };
}

/** A request with a cookie header written by hand. */
export const withCookie = (origin: string, cookie: string, path = "/me"): Promise<Response> =>
  fetch(origin + path, { headers: { cookie } });
