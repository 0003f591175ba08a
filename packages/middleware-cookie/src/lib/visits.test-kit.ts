import {
  createSessionManager,
  type SessionManager,
  type SessionOptions,
  type SessionStore,
} from "@ventostack/auth-core";
import { createMemorySessionStore, type MemorySessionStore } from "@ventostack/store-memory";
import { createTestClock, type GatedStore, gate, type TestClock } from "@ventostack/testing";
import {
  createSessionMiddleware,
  type SessionContext,
  type SessionMiddleware,
  type SessionMiddlewareOptions,
} from "./session-middleware.ts";

/** A request's context as a router would make it. */
export interface VisitContext extends SessionContext {
  readonly state: Record<string, unknown>;
  error?: unknown;
}

export type VisitHandler = (ctx: VisitContext) => Response | undefined | Promise<Response | undefined>;

export interface Visits {
  readonly clock: TestClock;
  readonly memory: MemorySessionStore;
  /** What stands between the manager and `memory`: counts the calls, and can hold them. */
  readonly gated: GatedStore;
  readonly manager: SessionManager;
  readonly sessions: SessionMiddleware;
  /** What `onFailure` was told. */
  readonly failures: unknown[];
  /** The names of the store's methods called since this was last asked. */
  calls(): string[];
  /** One request with this `Cookie` header through the middleware to the handler. Default: a GET, an empty 200. */
  visit(cookie?: string, handler?: VisitHandler, init?: RequestInit): Promise<Visited>;
  /** A session made behind the middleware's back, and the header that goes with it. */
  signIn(data?: Record<string, unknown>): Promise<{ id: string; cookie: string }>;
  /** What the store holds under an id, dead or alive, without counting as a call. */
  held(id: string): ReturnType<MemorySessionStore["load"]>;
}

export interface Visited {
  readonly response: Response;
  /** Every `Set-Cookie` of the answer. */
  readonly cookies: string[];
  readonly ctx: VisitContext;
}

export interface VisitsOptions {
  session?: SessionOptions;
  middleware?: SessionMiddlewareOptions;
  /** Methods to put in place of the memory store's. */
  store?: Partial<SessionStore>;
}

export function createVisits({ session, middleware, store }: VisitsOptions = {}): Visits {
  const clock = createTestClock();
  const memory = createMemorySessionStore({ clock });
  const gated = gate({ ...memory, ...store });
  const failures: unknown[] = [];
  const manager = createSessionManager(gated.store, { clock, ...session });
  const sessions = createSessionMiddleware(manager, {
    onFailure: (error) => failures.push(error),
    ...middleware,
  });

  async function visit(
    cookie?: string,
    handler: VisitHandler = () => new Response(),
    init: RequestInit = {},
  ): Promise<Visited> {
    const request = new Request("https://a.example/", init);
    if (cookie !== undefined) request.headers.set("cookie", cookie);
    const ctx: VisitContext = { request, state: {} };
    const response = await sessions(ctx, async () => handler(ctx));
    if (response === undefined) throw new Error("The middleware gave no answer.");
    return { response, cookies: response.headers.getSetCookie(), ctx };
  }

  return {
    clock,
    memory,
    gated,
    manager,
    sessions,
    failures,
    calls: () => gated.calls.splice(0).map(([method]) => method),
    visit,
    async signIn(data = { userId: "u1" }) {
      const { id } = await manager.create(data);
      gated.calls.length = 0;
      return { id, cookie: `${manager.options.cookieName}=${id}` };
    },
    held: (id) => memory.load(`${manager.options.prefix}${manager.handleOf(id)}`),
  };
}

/** The `Cookie` header that a browser sends after these `Set-Cookie` headers, of which there must be one. */
export function cookieFrom(cookies: string[]): string {
  const [header, ...more] = cookies;
  if (header === undefined || more.length > 0)
    throw new Error(`One cookie was expected, of ${cookies.length}.`);
  return header.slice(0, header.indexOf(";"));
}

/** The id in the one `Set-Cookie` header. */
export function idFrom(cookies: string[]): string {
  const cookie = cookieFrom(cookies);
  return cookie.slice(cookie.indexOf("=") + 1);
}
